namespace Mvx.Sink.Benchmarks.Peers;

/// <summary>A sink that delivers to the counting backend and is done at once.</summary>
internal sealed class CountingSink(Backend backend, SinkOptions? options = null) : AsyncSink<BenchEvent>(options)
{
    private readonly Backend _backend = backend;

    protected override ValueTask DispatchAsync(BenchEvent item, CancellationToken cancellationToken)
    {
        _backend.Receive();
        return ValueTask.CompletedTask;
    }
}
