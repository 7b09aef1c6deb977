using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Overflow;

public sealed class WaitTests
{
    private static SinkOptions Options(int limit, TimeSpan timeout) =>
        new() { QueueMaxSize = limit, OverflowPolicy = QueueOverflowPolicy.Wait, WaitTimeout = timeout };

    [Fact]
    public void A12_A_caller_waits_until_there_is_room_and_nothing_is_lost()
    {
        using var held = new HeldSink(Options(1, Timeout.InfiniteTimeSpan));
        var caller = new Waiter(held.Sink);
        caller.UntilItWaits();
        Assert.Equal((1, 1), (held.Sink.Ledger.Offered, held.Sink.Ledger.Pending));
        held.Dispatch.Open();
        Assert.Null(caller.Threw());
        Assert.Equal(["held", "waited"], held.ReleaseAndFlush());
        Assert.Equal((2, 0, 0), (held.Sink.Ledger.Accepted, held.Sink.Ledger.Dropped, held.Sink.Ledger.Rejected));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A12_When_the_time_is_up_the_event_is_rejected_and_counted(int milliseconds)
    {
        using var held = new HeldSink(Options(1, TimeSpan.FromMilliseconds(milliseconds)));
        Assert.Equal(1, Assert.Throws<QueueOverflowException>(() => held.Sink.Log(HeldSink.Named("late"))).Limit);
        Assert.Equal(LogOutcome.QueueFull, held.Sink.TryLog(HeldSink.Named("late")));
        Assert.Equal((1, 2, 0), (held.Sink.Ledger.Accepted, held.Sink.Ledger.Rejected, held.Sink.Ledger.Dropped));
    }

    [Fact]
    public void A12_A_stop_releases_who_waits()
    {
        using var held = new HeldSink(Options(1, Timeout.InfiniteTimeSpan));
        var caller = new Waiter(held.Sink);
        caller.UntilItWaits();
        SinkWaitHandle stop = held.Sink.Stop();
        Assert.Equal(SinkState.Stopping, Assert.IsType<InvalidSinkStateException>(caller.Threw()).State);
        held.Dispatch.Open();
        Assert.True(Patience.Finish(stop).Success);
        Assert.Equal((1, 1), (held.Sink.Ledger.Delivered, held.Sink.Ledger.Rejected));
    }

    /// <summary>The event that fails makes room, but not for those who wait: they are not woken before the failure is there. Again and again, since it is a matter of moments.</summary>
    [Fact]
    public void A12_A_failure_releases_who_waits_and_accepts_nothing_of_theirs()
    {
        for (int round = 0; round < 50; round++)
        {
            var dispatch = new TaskCompletionSource();
            using var hosted = Hosted.Running(() => new ScriptedSink(Options(1, Timeout.InfiniteTimeSpan)) { Dispatching = (_, _) => new ValueTask(dispatch.Task) });
            hosted.Sink.Log("fails");
            Exception? thrown = null;
            var caller = new Thread(() => thrown = Record.Exception(() => hosted.Sink.Log("waits"))) { IsBackground = true };
            caller.Start();
            Patience.Until(() => caller.ThreadState.HasFlag(ThreadState.WaitSleepJoin), "the caller waits");
            dispatch.SetException(new InvalidOperationException("broken"));
            Patience.Ended(caller);
            Assert.Equal(SinkState.Failure, Assert.IsType<InvalidSinkStateException>(thrown).State);
            Assert.Equal((1, 1), (hosted.Sink.Ledger.Accepted, hosted.Sink.Ledger.Rejected));
        }
    }

    [Fact]
    public void A12_A_termination_releases_who_waits()
    {
        var dispatch = new Checkpoint();
        ManagedSink<NamedSink> managed = SinkRuntime.Create(() => new NamedSink(Options(1, Timeout.InfiniteTimeSpan), dispatch));
        managed.Sink.Log(HeldSink.Named("held"));
        dispatch.UntilReached();
        var caller = new Waiter(managed.Sink);
        caller.UntilItWaits();
        Assert.Throws<StopBudgetSpentException>(() => managed.Terminate(TimeSpan.Zero));
        Assert.IsType<InvalidSinkStateException>(caller.Threw());
    }

    [Fact]
    public void A12_On_the_loops_own_thread_there_is_no_waiting()
    {
        var refused = new TaskCompletionSource<LogOutcome>();
        ScriptedSink? self = null;
        using var hosted = Hosted.Virgin(() => self = new ScriptedSink(Options(1, Timeout.InfiniteTimeSpan))
        {
            Dispatching = (_, _) =>
            {
                refused.TrySetResult(self!.TryLog("from within"));
                return ValueTask.CompletedTask;
            },
        });
        hosted.Sink.Log("1");
        Assert.Equal(LogOutcome.QueueFull, Patience.Finish(refused.Task, "the inner call returns"));
    }

    [Fact]
    public void A12_After_one_that_could_not_wait_others_still_do()
    {
        var dispatch = new Checkpoint();
        ScriptedSink? self = null;
        using var hosted = Hosted.Virgin(() => self = new ScriptedSink(Options(1, Timeout.InfiniteTimeSpan))
        {
            Dispatching = (item, token) =>
            {
                if (item != "held")
                    return ValueTask.CompletedTask;
                self!.TryLog("from within");
                return dispatch.PassAsync(token);
            },
        });
        hosted.Sink.Log("held");
        dispatch.UntilReached();
        LogOutcome? outcome = null;
        var caller = new Thread(() => outcome = hosted.Sink.TryLog("waits")) { IsBackground = true };
        caller.Start();
        Patience.Until(() => caller.ThreadState.HasFlag(ThreadState.WaitSleepJoin) || !caller.IsAlive, "the caller waits");
        dispatch.Open();
        Patience.Ended(caller);
        Assert.Equal(LogOutcome.Accepted, outcome);
        Assert.Equal(1, hosted.Sink.Ledger.Rejected);
    }

    [Fact]
    public void A12_Many_callers_wait_and_every_event_arrives_once_in_its_callers_order()
    {
        using var hosted = Hosted.Running(() => new TypedSink<(int Producer, int Number)>(Options(2, Timeout.InfiniteTimeSpan)));
        Patience.Together(8, producer =>
        {
            for (int i = 0; i < 500; i++)
                hosted.Sink.Log((producer, i));
        });
        Assert.Equal(4_000, Patience.Finish(hosted.Sink.FlushAsync().AsTask(), "the flush").Delivered);
        for (int producer = 0; producer < 8; producer++)
            Assert.Equal(Enumerable.Range(0, 500), hosted.Sink.Seen.Where(item => item.Producer == producer).Select(static item => item.Number));
        Assert.Equal((4_000, 0, 0), (hosted.Sink.Ledger.Accepted, hosted.Sink.Ledger.Rejected, hosted.Sink.Ledger.Dropped));
    }

    /// <summary>A caller on a thread of its own that logs one event to a full sink.</summary>
    private sealed class Waiter
    {
        private readonly Thread _thread;
        private Exception? _thrown;

        public Waiter(NamedSink sink)
        {
            _thread = new Thread(() => _thrown = Record.Exception(() => sink.Log(HeldSink.Named("waited")))) { IsBackground = true };
            _thread.Start();
        }

        public void UntilItWaits() => Patience.Until(() => _thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin), "the caller waits");

        public Exception? Threw()
        {
            Patience.Ended(_thread);
            return _thrown;
        }
    }
}
