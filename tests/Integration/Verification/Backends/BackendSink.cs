namespace Mvx.Sink.Integration.Verification.Backends;

/// <summary>A correct sink on a <see cref="MemoryBackend"/>; the faulty ones change one thing about it.</summary>
internal class BackendSink(SinkOptions options, MemoryBackend backend) : AsyncSink<string>(options)
{
    protected MemoryBackend Backend => backend;

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        backend.Open();
        return ValueTask.CompletedTask;
    }

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken) => backend.WriteAsync(item, cancellationToken);
}
