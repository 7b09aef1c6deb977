using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Overflow;

/// <summary>A flush that comes while a failing sink's events are on their way from the queue to the ledger.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class FlushBesideFailureTests : IDisposable
{
    public void Dispose() => QueueProbe.StallCount = null;

    [Theory]
    [InlineData(QueueOverflowPolicy.RaiseError, 1)]
    [InlineData(QueueOverflowPolicy.DropOldest, 1)]
    [InlineData(QueueOverflowPolicy.DropOldest, 3)]
    public void C3_It_does_not_take_undelivered_events_for_delivered(QueueOverflowPolicy policy, int batch)
    {
        using var reached = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var backend = new TaskCompletionSource();
        using var loop = new SinkLoop();
        ScriptedSink sink = Patience.Finish(
            loop.InvokeAsync(() => new ScriptedSink(new() { QueueMaxSize = 4, OverflowPolicy = policy, MaxBatchSize = batch })), "the sink");
        sink.Starting = async _ => await backend.Task;
        sink.Log("1");
        sink.Log("2");
        QueueProbe.StallCount = () =>
        {
            reached.Set();
            release.Wait(Patience.Bound);
        };
        backend.SetException(new InvalidOperationException("no backend"));
#if DEBUG
        Assert.True(reached.Wait(Patience.Bound)); // a release build has no such place
#endif
        Task<FlushReport> flush = sink.FlushAsync().AsTask();
        release.Set();
        Assert.Equal(new FlushReport(0, 0, 2), Patience.Finish(flush, "the flush"));
    }
}
