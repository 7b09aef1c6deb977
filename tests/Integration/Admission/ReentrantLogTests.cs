using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Admission;

public sealed class ReentrantLogTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A10_Log_from_a_dispatch_is_accepted_and_delivered_after_it(bool afterAwait)
    {
        ScriptedSink? self = null;
        using var hosted = Hosted.Running(() => self = new ScriptedSink());
        hosted.Sink.Dispatching = async (item, _) =>
        {
            if (afterAwait)
                await Task.Yield();
            if (item.Length < 5)
                self!.Log(item + "+");
        };
        hosted.Sink.Log("a");
        Bounded.Until(() => hosted.Sink.Delivered.Count == 5, "the chain of five events");
        Assert.Equal(["a", "a+", "a++", "a+++", "a++++"], hosted.Sink.Delivered);
    }

    [Fact]
    public void A10_Log_from_the_starting_hook_is_buffered_and_delivered()
    {
        ScriptedSink? self = null;
        using var hosted = Hosted.Virgin(() => self = new ScriptedSink());
        hosted.Sink.Starting = async _ =>
        {
            self!.Log("before the await");
            await Task.Yield();
            self.Log("after it");
        };
        hosted.Sink.Start().Succeeds();
        Assert.Equal(2, hosted.Sink.FlushAsync().Result().Delivered);
        Assert.Equal(["before the await", "after it"], hosted.Sink.Delivered);
    }

    [Fact]
    public void A10_Log_from_the_stopped_hook_is_refused_and_cannot_deadlock()
    {
        ScriptedSink? self = null;
        LogOutcome? outcome = null;
        using var hosted = Hosted.Running(() => self = new ScriptedSink());
        hosted.Sink.Stopped = _ =>
        {
            outcome = self!.TryLog("too late");
            return ValueTask.CompletedTask;
        };
        hosted.Sink.Stop().Succeeds();
        Assert.Equal(LogOutcome.InvalidState, outcome);
    }

    [Fact]
    public void A10_A_stopped_hook_that_lets_the_refusal_escape_fails_the_stop_with_it()
    {
        ScriptedSink? self = null;
        using var hosted = Hosted.Running(() => self = new ScriptedSink());
        hosted.Sink.Stopped = _ =>
        {
            self!.Log("too late");
            return ValueTask.CompletedTask;
        };
        Assert.IsType<InvalidSinkStateException>(hosted.Sink.Stop().Error<OnStoppedHookFailedException>().InnerException);
    }

    [Fact]
    public void A10_Log_from_the_hand_over_is_refused_and_cannot_deadlock()
    {
        ScriptedSink? self = null;
        LogOutcome? outcome = null;
        using var hosted = Hosted.Virgin(() => self = new ScriptedSink { Starting = static _ => throw new InvalidOperationException("no backend") });
        hosted.Sink.Undelivered = (_, _) =>
        {
            outcome = self!.TryLog("too late");
            return ValueTask.CompletedTask;
        };
        hosted.Sink.Log("first");
        hosted.Sink.UntilState(SinkState.Failure);
        hosted.Sink.UntilAtRest();
        Assert.Equal(LogOutcome.InvalidState, outcome);
        Assert.Equal(["first"], hosted.Sink.HandedOver);
    }

    [Fact]
    public void A10_Log_from_an_observer_of_dispatches_is_delivered()
    {
        using var hosted = Hosted.Running(() => new ScriptedSink());
        using IDisposable subscription = hosted.Sink.Dispatches.Subscribe(told =>
        {
            if (told.Item == "from outside")
                hosted.Sink.Log("from the observer");
        });
        hosted.Sink.Log("from outside");
        Bounded.Until(() => hosted.Sink.Delivered.Count == 2, "both events");
        Assert.Equal(["from outside", "from the observer"], hosted.Sink.Delivered);
    }

    [Fact]
    public void A10_Log_from_an_observer_of_the_lifecycle_even_of_its_replay_is_delivered()
    {
        using var hosted = Hosted.Virgin(() => new ScriptedSink());
        using IDisposable subscription = hosted.Sink.Lifecycle.Subscribe(change => hosted.Sink.TryLog($"{change.To}"));
        Bounded.Until(() => hosted.Sink.Delivered.Count == 3, "an event for each of Virgin, Starting and Running");
        Assert.Equal(["Virgin", "Starting", "Running"], hosted.Sink.Delivered);
    }

    [Fact]
    public void A10_Start_Stop_Ledger_and_FlushAsync_from_a_dispatch_cannot_deadlock()
    {
        ScriptedSink? self = null;
        Task<FlushReport>? flush = null;
        using var hosted = Hosted.Running(() => self = new ScriptedSink());
        hosted.Sink.Dispatching = (_, _) =>
        {
            self!.Start();
            _ = self.Ledger;
            flush = self.FlushAsync(CancellationToken.None).AsTask();
            self.Stop();
            return ValueTask.CompletedTask;
        };
        hosted.Sink.Log("x");
        hosted.Sink.UntilState(SinkState.Stopped);
        Assert.True(flush!.WaitAsync(Bounded.Time).Result.AllDelivered);
    }

    [Fact]
    public void A10_Two_sinks_that_log_to_each_other_on_one_loop_do_not_deadlock()
    {
        using var loop = new SinkLoop();
        (ScriptedSink a, ScriptedSink b) = loop.InvokeAsync(() => (new ScriptedSink(), new ScriptedSink())).WaitAsync(Bounded.Time).Result;
        a.Dispatching = (item, _) => Pass(item, b);
        b.Dispatching = (item, _) => Pass(item, a);
        a.Log("x");
        Bounded.Until(() => a.Delivered.Count + b.Delivered.Count == 10, "ten hops");
        Assert.Equal((5, 5), (a.Delivered.Count, b.Delivered.Count));

        static ValueTask Pass(string item, ScriptedSink other)
        {
            if (item.Length < 10)
                other.Log(item + "x");
            return ValueTask.CompletedTask;
        }
    }
}
