using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Overflow;

public sealed class ReserveTests
{
    [Theory]
    [InlineData(QueueOverflowPolicy.RaiseError, LogOutcome.QueueFull)]
    [InlineData(QueueOverflowPolicy.Drop, LogOutcome.Dropped)]
    public void A13_The_last_places_are_for_events_at_or_above_the_level(QueueOverflowPolicy policy, LogOutcome refusal)
    {
        using var held = new HeldSink(new SinkOptions { QueueMaxSize = 4, OverflowPolicy = policy, ReserveCount = 2, ReserveForLevel = LogEventLevel.Warning });
        Assert.Equal(LogOutcome.Accepted, held.Sink.TryLog(HeldSink.Named("1")));
        Assert.Equal(refusal, held.Sink.TryLog(HeldSink.Named("2")));
        Assert.Equal(LogOutcome.Accepted, held.Sink.TryLog(HeldSink.Named("3", LogEventLevel.Warning)));
        Assert.Equal(LogOutcome.Accepted, held.Sink.TryLog(HeldSink.Named("4", LogEventLevel.Critical)));
        Assert.Equal(refusal, held.Sink.TryLog(HeldSink.Named("5", LogEventLevel.Critical)));
        Assert.Equal(["held", "1", "3", "4"], held.ReleaseAndFlush());
    }

    [Fact]
    public void A13_Under_DropOldest_an_ordinary_event_makes_room_below_the_reserve()
    {
        using var held = new HeldSink(new SinkOptions { QueueMaxSize = 3, OverflowPolicy = QueueOverflowPolicy.DropOldest, ReserveCount = 1 });
        held.Sink.Log(HeldSink.Named("1"));
        held.Sink.Log(HeldSink.Named("2"));
        held.Sink.Log(HeldSink.Named("3", LogEventLevel.Error));
        Assert.Equal((3, 1), (held.Sink.Ledger.Pending, held.Sink.Ledger.Dropped));
        Assert.Equal(["held", "2", "3"], held.ReleaseAndFlush());
    }

    [Fact]
    public void A13_By_default_nothing_is_kept()
    {
        var options = new SinkOptions();
        Assert.Equal((0, LogEventLevel.Error), (options.ReserveCount, options.ReserveForLevel));
    }

    [Fact]
    public void A13_Bad_values_are_refused_where_they_are_set()
    {
        Assert.Equal(-1, Assert.Throws<ArgumentOutOfRangeException>(static () => new SinkOptions { ReserveCount = -1 }).ActualValue);
        Assert.Throws<ArgumentOutOfRangeException>(static () => new SinkOptions { ReserveForLevel = (LogEventLevel)7 });
        Assert.Throws<ArgumentOutOfRangeException>(static () => new SinkOptions { WaitTimeout = TimeSpan.FromDays(2) });
    }

    [Fact]
    public void A13_A_reserve_that_leaves_no_place_for_ordinary_events_is_refused_with_both_figures()
    {
        var error = Assert.Throws<SinkCreationException>(static () => SinkRuntime.Create(static () => new NamedSink(new SinkOptions { QueueMaxSize = 5, ReserveCount = 5 }, new Checkpoint())));
        var inner = Assert.IsType<ArgumentOutOfRangeException>(error.InnerException);
        Assert.Contains("QueueMaxSize, which is 5", inner.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A13_A_reserve_for_a_sink_that_does_not_say_for_which_events_is_refused()
    {
        var error = Assert.Throws<SinkCreationException>(static () => SinkRuntime.Create(static () => new ScriptedSink(new SinkOptions { ReserveCount = 1 })));
        Assert.Contains("MayUseReserve", Assert.IsType<ArgumentException>(error.InnerException).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A12_A13_A_place_that_only_an_important_event_may_use_wakes_the_one_that_waits_with_it()
    {
        using var steps = new SemaphoreSlim(0);
        using var hosted = Hosted.Running(() => new SteppedSink(steps));
        for (int i = 0; i < 3; i++)
            hosted.Sink.Log(HeldSink.Named($"{i}", LogEventLevel.Error));
        Thread ordinary = Waiting(hosted.Sink, LogEventLevel.Information);
        Thread important = Waiting(hosted.Sink, LogEventLevel.Error);
        steps.Release();
        Patience.Ended(important);
        Assert.Equal((4, 3), (hosted.Sink.Ledger.Accepted, hosted.Sink.Ledger.Pending));
        Assert.True(ordinary.IsAlive);
        steps.Release(10);
        Patience.Ended(ordinary);
        Assert.Equal(5, Patience.Finish(hosted.Sink.FlushAsync().AsTask(), "the flush").Delivered);
    }

    private static Thread Waiting(AsyncLogSink sink, LogEventLevel level)
    {
        var thread = new Thread(() => sink.Log(HeldSink.Named("waits", level))) { IsBackground = true };
        thread.Start();
        Patience.Until(() => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin), "the caller waits");
        return thread;
    }

    private sealed class SteppedSink(SemaphoreSlim steps) : AsyncLogSink(new SinkOptions
    {
        QueueMaxSize = 3,
        ReserveCount = 1,
        OverflowPolicy = QueueOverflowPolicy.Wait,
        WaitTimeout = Timeout.InfiniteTimeSpan,
    })
    {
        protected override async ValueTask DispatchAsync(LogEvent item, CancellationToken cancellationToken) => await steps.WaitAsync(cancellationToken);
    }
}
