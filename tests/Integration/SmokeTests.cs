using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration;

public sealed class SmokeTests
{
    [Fact]
    public void A_sink_delivers_and_stops()
    {
        using ManagedSink<ScriptedSink> managed = SinkRuntime.Create(() => new ScriptedSink());
        for (int i = 0; i < 1000; i++)
            managed.Sink.Log($"{i}");
        managed.Terminate();
        Assert.Equal(1000, managed.Sink.Delivered.Count);
        Assert.Equal(SinkState.Stopped, managed.Sink.State);
        Assert.Equal(SinkErrorReason.EventLoopUnavailable, managed.Sink.Start().Wait().Error!.Reason);
        Assert.Single(managed.Sink.Threads.Distinct());
    }

    [Fact]
    public async Task Asynchronous_dispatch_comes_back()
    {
        await using ManagedSink<ScriptedSink> managed = SinkRuntime.Create(() => new ScriptedSink { Dispatching = async (_, _) => await Task.Yield(), Starting = async t => await Task.Delay(1, t) });
        for (int i = 0; i < 1000; i++)
            managed.Sink.Log($"{i}");
        FlushReport report = await managed.Sink.FlushAsync();
        Assert.Equal(1000, report.Delivered);
        Assert.Single(managed.Sink.Threads.Distinct());
    }

    [Fact]
    public void Storm()
    {
        using ManagedSink<ScriptedSink> managed = SinkRuntime.Create(() => new ScriptedSink(new SinkOptions { QueueMaxSize = 100, OverflowPolicy = QueueOverflowPolicy.Drop }));
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(p => new Thread(() => { for (int i = 0; i < 50_000; i++) managed.Sink.Log("x"); }))];
        foreach (var t in threads) t.Start();
        while (threads.Any(t => t.IsAlive))
            Assert.True(Invariants.LedgerHolds(managed.Sink.Ledger, 100), managed.Sink.Ledger.ToString());
        managed.Terminate();
        Assert.Equal(200_000, managed.Sink.Ledger.Offered);
        Assert.Equal(managed.Sink.Delivered.Count, managed.Sink.Ledger.Delivered);
    }
}
