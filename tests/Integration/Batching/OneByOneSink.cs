using System.Collections.Concurrent;

namespace Mvx.Sink.Integration.Batching;

/// <summary>A sink that allows batches and does not override them.</summary>
internal sealed class OneByOneSink(SinkOptions options) : AsyncSink<int>(options)
{
    public ConcurrentQueue<int> Delivered { get; } = new();

    public ConcurrentQueue<int> HandedOver { get; } = new();

    public Func<int, ValueTask> Dispatching { get; set; } = static _ => ValueTask.CompletedTask;

    protected override async ValueTask DispatchAsync(int item, CancellationToken cancellationToken)
    {
        await Dispatching(item);
        Delivered.Enqueue(item);
    }

    protected override ValueTask OnUndeliveredAsync(IReadOnlyList<int> items, SinkException cause)
    {
        foreach (int item in items)
            HandedOver.Enqueue(item);
        return ValueTask.CompletedTask;
    }
}
