using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Overflow;

public sealed class DropOldestTests
{
    private static SinkOptions Options(int limit, bool announce = false, int batch = 1) =>
        new() { QueueMaxSize = limit, OverflowPolicy = QueueOverflowPolicy.DropOldest, AnnounceLoss = announce, MaxBatchSize = batch };

    [Fact]
    public void A11_The_oldest_waiting_event_makes_room_for_the_newest()
    {
        using var held = new HeldSink(Options(3));
        for (int i = 1; i <= 5; i++)
            Assert.Equal(LogOutcome.Accepted, held.Sink.TryLog(HeldSink.Named($"{i}")));
        SinkLedger ledger = held.Sink.Ledger;
        Assert.Equal((6, 3, 3, 3, 0), (ledger.Offered, ledger.Accepted, ledger.Dropped, ledger.Pending, ledger.Delivered));
        Assert.Equal(["held", "4", "5"], held.ReleaseAndFlush());
        Assert.Equal((3, 3, 3, 0), (held.Sink.Ledger.Accepted, held.Sink.Ledger.Dropped, held.Sink.Ledger.Delivered, held.Sink.Ledger.Pending));
    }

    [Fact]
    public void A11_An_event_in_dispatch_is_never_dropped_so_with_a_limit_of_one_the_newest_is()
    {
        using var held = new HeldSink(Options(1));
        Assert.Equal(LogOutcome.Dropped, held.Sink.TryLog(HeldSink.Named("1")));
        held.Sink.Log(HeldSink.Named("2"));
        Assert.Equal((1, 2, 1), (held.Sink.Ledger.Accepted, held.Sink.Ledger.Dropped, held.Sink.Ledger.Pending));
        Assert.Equal(["held"], held.ReleaseAndFlush());
    }

    [Fact]
    public void A11_A_dropped_event_is_told_as_dropped_and_it_is_the_oldest()
    {
        using var held = new HeldSink(Options(2));
        var observer = new CollectingObserver<SinkDispatchEvent<LogEvent>>();
        using IDisposable subscription = held.Sink.Dispatches.Subscribe(observer);
        held.Sink.Log(HeldSink.Named("1"));
        held.Sink.Log(HeldSink.Named("2"));
        Patience.Until(() => observer.Items.Length == 1, "the drop is told");
        Assert.Equal((SinkDispatchKind.Dropped, "1"), (observer.Items[0].Kind, observer.Items[0].Item.Name));
    }

    [Fact]
    public void C3_A_flush_of_what_is_finished_does_not_wait_for_a_loop_that_a_hook_blocks()
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(options: Options(3));
        managed.Sink.Stopped = _ =>
        {
            entered.Set();
            release.Wait(CancellationToken.None);
            return ValueTask.CompletedTask;
        };
        managed.Sink.Log("1");
        SinkWaitHandle stop = managed.Sink.Stop();
        Assert.True(entered.Wait(Patience.Bound));
        Assert.Equal(new FlushReport(1, 0, 0), Patience.Finish(managed.Sink.FlushAsync().AsTask(), "the flush"));
        release.Set();
        Assert.True(Patience.Finish(stop).Success);
    }

    [Fact]
    public void A11_C3_A_flush_waits_for_what_is_in_dispatch_and_reports_what_was_dropped_meanwhile()
    {
        using var held = new HeldSink(Options(3));
        held.Sink.Log(HeldSink.Named("1"));
        held.Sink.Log(HeldSink.Named("2"));
        Task<FlushReport> flush = held.Sink.FlushAsync().AsTask();
        for (int i = 3; i <= 8; i++)
            held.Sink.Log(HeldSink.Named($"{i}"));
        // As many are finished by now as the flush waits for, but not the one in dispatch.
        Assert.True(held.Sink.Ledger.Dropped >= 3);
        Assert.False(flush.IsCompleted);
        held.Dispatch.Open();
        FlushReport report = Patience.Finish(flush, "the flush");
        Assert.Equal(new FlushReport(1, 0, 0) { Dropped = 2 }, report);
        Assert.False(report.AllDelivered);
        Assert.Equal(["held", "7", "8"], held.ReleaseAndFlush());
    }

    [Fact]
    public void A11_L6_A_stop_delivers_what_is_left()
    {
        using var held = new HeldSink(Options(2));
        for (int i = 1; i <= 4; i++)
            held.Sink.Log(HeldSink.Named($"{i}"));
        SinkWaitHandle stop = held.Sink.Stop();
        held.Dispatch.Open();
        Assert.True(Patience.Finish(stop).Success);
        Assert.Equal(["held", "4"], held.Sink.Names);
        Assert.Equal((2, 0, 3, 0), (held.Sink.Ledger.Delivered, held.Sink.Ledger.Undelivered, held.Sink.Ledger.Dropped, held.Sink.Ledger.Pending));
    }

    [Fact]
    public void A11_While_starting_the_oldest_goes_too()
    {
        var hook = new Checkpoint();
        using var hosted = Hosted.Virgin(() => new ScriptedSink(new SinkOptions { QueueMaxSize = 2, OverflowPolicy = QueueOverflowPolicy.DropOldest }) { Starting = hook.PassAsync });
        foreach (string item in new[] { "1", "2", "3" })
            hosted.Sink.Log(item);
        Task<FlushReport> flush = hosted.Sink.FlushAsync().AsTask();
        hook.Open();
        Assert.Equal(new FlushReport(2, 0, 0) { Dropped = 1 }, Patience.Finish(flush, "the flush"));
        Assert.Equal(["2", "3"], hosted.Sink.Delivered);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(4, 3)]
    [InlineData(64, 8)]
    public void A11_C1_Whatever_threads_log_the_ledger_is_whole_and_the_order_holds(int limit, int batch)
    {
        using var hosted = Hosted.Running(() => new TypedSink<(int Producer, int Number)>(Options(limit, batch: batch)) { Dispatching = static (_, _) => Yield() });
        using var done = new CancellationTokenSource();
        var watch = new Thread(() =>
        {
            SinkLedger last = default;
            while (!done.IsCancellationRequested)
            {
                SinkLedger now = hosted.Sink.Ledger;
                Assert.True(Invariants.LedgerHolds(now, limit) && Invariants.LedgerGrows(last, now), $"{last} then {now}");
                last = now;
            }
        });
        watch.Start();
        Patience.Together(4, producer =>
        {
            for (int i = 0; i < 5_000; i++)
            {
                hosted.Sink.Log((producer, i));
                if (i % 64 == 0)
                    Thread.Yield();
            }
        });
        Patience.Finish(hosted.Sink.FlushAsync().AsTask(), "the flush");
        done.Cancel();
        Patience.Ended(watch);
        SinkLedger ledger = hosted.Sink.Ledger;
        Assert.Equal((20_000, 0, 0), (ledger.Offered, ledger.Pending, ledger.Rejected));
        Assert.Equal(hosted.Sink.Seen.Count, ledger.Delivered);
        foreach (IGrouping<int, (int Producer, int Number)> own in hosted.Sink.Seen.GroupBy(static item => item.Producer))
            Assert.Equal(own.Select(static item => item.Number).Order(), own.Select(static item => item.Number));
        Assert.True(Patience.Finish(hosted.Sink.Stop()).Success);
    }

    private static async ValueTask Yield() => await Task.Yield();
}
