namespace Mvx.Sink.Samples.Monitoring.Sinks;

/// <summary>All is well here: it delivers in batches.</summary>
internal sealed class OrdersSink()
    : AsyncSink<string>(new SinkOptions { Namespace = "orders", MaxBatchSize = 50, MaxBatchDelay = TimeSpan.FromMilliseconds(200) })
{
    private static readonly TimeSpan _roundTrip = TimeSpan.FromMilliseconds(20);

    protected override async ValueTask DispatchBatchAsync(ReadOnlyMemory<string> batch, CancellationToken cancellationToken) =>
        await Task.Delay(_roundTrip, TimeProvider.System, cancellationToken);

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken) =>
        DispatchBatchAsync(new[] { item }, cancellationToken);
}
