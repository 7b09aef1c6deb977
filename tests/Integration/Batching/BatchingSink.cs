using System.Collections.Concurrent;

namespace Mvx.Sink.Integration.Batching;

/// <summary>A sink that takes batches, and does with them what the test says.</summary>
internal sealed class BatchingSink(SinkOptions options) : AsyncSink<int>(options)
{
    public ConcurrentQueue<int[]> Batches { get; } = new();

    public ConcurrentQueue<int> HandedOver { get; } = new();

    /// <summary>Runs for each batch; gets the batch and what reports progress.</summary>
    public Func<int[], Action<int>, CancellationToken, ValueTask> Dispatching { get; set; } = static (_, _, _) => ValueTask.CompletedTask;

    protected override ValueTask DispatchAsync(int item, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("a sink that overrides the batch is never given single events");

    protected override async ValueTask DispatchBatchAsync(ReadOnlyMemory<int> batch, CancellationToken cancellationToken)
    {
        int[] items = batch.ToArray();
        Batches.Enqueue(items);
        await Dispatching(items, ReportDelivered, cancellationToken);
    }

    protected override ValueTask OnUndeliveredAsync(IReadOnlyList<int> items, SinkException cause)
    {
        foreach (int item in items)
            HandedOver.Enqueue(item);
        return ValueTask.CompletedTask;
    }
}
