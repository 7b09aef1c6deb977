using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Admission;

public sealed class StateAdmissionTests
{
    private static readonly SinkState[] _accepting = [SinkState.Virgin, SinkState.Starting, SinkState.Running];

    [Fact]
    public void A1_The_first_event_starts_a_virgin_sink_and_is_delivered()
    {
        using var hosted = Hosted.Virgin(() => new ScriptedSink());
        hosted.Sink.Log("first");
        Assert.NotEqual(SinkState.Virgin, hosted.Sink.State);
        Assert.Equal(1, hosted.Sink.FlushAsync().Result().Delivered);
        Assert.Equal(SinkState.Running, hosted.Sink.State);
        Assert.Equal(["first"], hosted.Sink.Delivered);
        Assert.Equal(1, hosted.Sink.StartingRuns);
    }

    [Fact]
    public void A1_TryLog_starts_a_virgin_sink_too()
    {
        using var hosted = Hosted.Virgin(() => new ScriptedSink());
        Assert.Equal(LogOutcome.Accepted, hosted.Sink.TryLog("first"));
        Assert.Equal(1, hosted.Sink.FlushAsync().Result().Delivered);
        Assert.Equal(SinkState.Running, hosted.Sink.State);
    }

    [Fact]
    public void A1_Threads_that_log_to_a_virgin_sink_at_once_start_it_once_and_lose_nothing()
    {
        for (int round = 0; round < 30; round++)
        {
            using var hosted = Hosted.Virgin(() => new ScriptedSink());
            Together.Run(8, index =>
            {
                if (index == 0)
                    hosted.Sink.Start().Result(); // refused when an event has started the sink before
                else
                    hosted.Sink.Log($"{index}");
            });
            Assert.Equal(7, hosted.Sink.FlushAsync().Result().Delivered);
            Assert.Equal(1, hosted.Sink.StartingRuns);
            Assert.Equal(["1", "2", "3", "4", "5", "6", "7"], hosted.Sink.Delivered.Order());
        }
    }

    [Fact]
    public void A1_Starting_buffers_and_delivers_in_order_afterwards()
    {
        var hook = new Checkpoint();
        using var hosted = Hosted.Virgin(() => new ScriptedSink { Starting = hook.PassAsync });
        string[] items = [.. Enumerable.Range(0, 500).Select(static i => $"{i}")];
        foreach (string item in items)
            hosted.Sink.Log(item);
        hook.UntilReached();
        Assert.Equal(500, hosted.Sink.Ledger.Pending);
        Assert.Empty(hosted.Sink.Delivered);
        hook.Open();
        hosted.Sink.FlushAsync().Result();
        Assert.Equal(items, hosted.Sink.Delivered);
    }

    [Fact]
    public void A1_Running_accepts()
    {
        using var hosted = Hosted.Running(() => new ScriptedSink());
        Assert.Equal(LogOutcome.Accepted, hosted.Sink.TryLog("x"));
    }

    [Fact]
    public void A2_Stopping_refuses()
    {
        var hook = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink { Stopped = hook.PassAsync });
        SinkWaitHandle stop = hosted.Sink.Stop();
        Refuses(hosted.Sink, SinkState.Stopping);
        hook.Open();
        stop.Succeeds();
    }

    [Fact]
    public void A2_Stopped_refuses_and_is_not_started_by_an_event()
    {
        using var hosted = Hosted.Stopped(() => new ScriptedSink());
        Refuses(hosted.Sink, SinkState.Stopped);
        Assert.Equal(1, hosted.Sink.StartingRuns);
    }

    [Fact]
    public void A2_Failure_refuses_with_the_last_error_inside()
    {
        using Hosted<ScriptedSink> hosted = Hosted.Failed();
        Assert.Same(hosted.Sink.LastError, Refuses(hosted.Sink, SinkState.Failure).InnerException);
    }

    [Fact]
    public void A2_Cancelled_refuses_with_the_last_error_inside()
    {
        using Hosted<ScriptedSink> hosted = Hosted.Cancelled();
        Assert.Same(hosted.Sink.LastError, Refuses(hosted.Sink, SinkState.Cancelled).InnerException);
    }

    [Fact]
    public void A2_A_refusal_under_the_Drop_policy_is_an_error_all_the_same()
    {
        using var hosted = Hosted.Stopped(() => new ScriptedSink(new SinkOptions { OverflowPolicy = QueueOverflowPolicy.Drop }));
        Refuses(hosted.Sink, SinkState.Stopped);
        Assert.Equal(0, hosted.Sink.Ledger.Dropped);
    }

    [Fact]
    public void A2_A_sink_that_is_both_full_and_stopping_refuses_for_its_state()
    {
        var dispatch = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink(new SinkOptions { QueueMaxSize = 1, OverflowPolicy = QueueOverflowPolicy.Drop })
        {
            Dispatching = (_, token) => dispatch.PassAsync(token),
        });
        hosted.Sink.Log("in dispatch");
        Assert.Equal(LogOutcome.Dropped, hosted.Sink.TryLog("full"));
        SinkWaitHandle stop = hosted.Sink.Stop();
        Assert.Equal(LogOutcome.InvalidState, hosted.Sink.TryLog("full and stopping"));
        dispatch.Open();
        stop.Succeeds();
    }

    private static InvalidSinkStateException Refuses(ScriptedSink sink, SinkState state)
    {
        SinkLedger before = sink.Ledger;
        Assert.Equal(LogOutcome.InvalidState, sink.TryLog("refused"));
        var error = Assert.Throws<InvalidSinkStateException>(() => sink.Log("refused"));
        Assert.Equal(SinkErrorReason.InvalidLogSinkState, error.Reason);
        Assert.Equal(state, error.State);
        Assert.Equal(_accepting, error.ExpectedStates);
        Assert.Equal(state, sink.State);
        Assert.Equal((before.Accepted, before.Rejected + 2), (sink.Ledger.Accepted, sink.Ledger.Rejected));
        Assert.DoesNotContain("refused", sink.Delivered);
        return error;
    }
}
