using Mvx.Sink.Integration.Verification.Backends;

namespace Mvx.Sink.Integration.Verification.FaultySinks;

/// <summary>An event that can be changed.</summary>
internal sealed class MutableEvent
{
    public string Text { get; set; } = "";

    public IList<string> Tags { get; } = [];
}

/// <summary>Changes the events it is given.</summary>
internal sealed class MutatesTheEvent(SinkOptions options, MemoryBackend backend) : AsyncSink<MutableEvent>(options)
{
    protected override ValueTask DispatchAsync(MutableEvent item, CancellationToken cancellationToken)
    {
        item.Tags.Add("seen");
        return backend.WriteAsync(item.Text, cancellationToken);
    }
}

/// <summary>Cuts long texts off.</summary>
internal sealed class Truncates(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken) =>
        base.DispatchAsync(item.Length > 20 ? item[..20] : item, cancellationToken);
}
