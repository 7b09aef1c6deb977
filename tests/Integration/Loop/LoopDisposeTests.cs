using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Loop;

/// <summary>A loop is disposed under a sink in each of its states.</summary>
public sealed class LoopDisposeTests
{
    [Fact]
    public void L13_Disposing_the_loop_of_a_virgin_sink_cancels_it_without_running_a_hook()
    {
        var loop = new SinkLoop();
        ScriptedSink sink = HostedSink.On(loop);
        loop.Dispose();
        Assert.Equal(SinkState.Cancelled, sink.State);
        Assert.Equal(SinkErrorReason.EventLoopUnavailable, sink.LastError!.Reason);
        Assert.Equal(0, sink.StartingRuns + sink.StoppedRuns);
        AssertRefusesForGood(sink, SinkState.Cancelled);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void L13_Disposing_the_loop_while_a_start_hook_waits_fires_its_token_and_answers_the_start(bool holdsTheThread)
    {
        var loop = new SinkLoop();
        Thread thread = HostedSink.ThreadOf(loop);
        var gate = new GatedHook();
        ScriptedSink sink = HostedSink.On(loop, script: s => s.Starting = holdsTheThread ? gate.BlockingObedient : gate.Obedient);
        sink.Log("a");
        SinkWaitHandle start = sink.Start();
        sink.Log("b");
        gate.WaitUntilEntered();
        Assert.Null(Patience.OnOwnThread(loop.Dispose));

        Assert.True(gate.TokenFired);
        Patience.Ended(thread);
        SinkOperationResult result = Patience.Finish(start);
        Assert.False(result.Success);
        Assert.Same(sink.LastError, result.Error);
        Assert.Equal(SinkErrorReason.OnStartingHookFailed, result.Error!.Reason);
        Assert.IsAssignableFrom<OperationCanceledException>(result.Error.InnerException);
        Assert.Equal(["a", "b"], sink.HandedOver);
        Assert.Equal(0, sink.StoppedRuns);
        AssertRefusesForGood(sink, SinkState.Failure);
    }

    [Fact]
    public void L13_A_start_hook_that_succeeds_although_the_loop_is_closing_is_cleaned_up()
    {
        var loop = new SinkLoop();
        var gate = new GatedHook();
        ScriptedSink sink = HostedSink.On(loop, script: s => s.Starting = async token =>
        {
            try
            {
                await gate.Obedient(token);
            }
            catch (OperationCanceledException)
            {
                // It takes the hint and ends well.
            }
        });
        sink.Log("a");
        SinkWaitHandle start = sink.Start();
        gate.WaitUntilEntered();
        Assert.Null(Patience.OnOwnThread(loop.Dispose));
        Assert.Equal(SinkErrorReason.DispatcherUnexpectedlyCancelled, Patience.Finish(start).Error!.Reason);
        Assert.Equal(1, sink.StoppedRuns);
        Assert.Equal(["a"], sink.HandedOver);
        Assert.Empty(sink.Delivered);
        AssertRefusesForGood(sink, SinkState.Cancelled);
    }

    [Fact]
    public void L13_Disposing_the_loop_of_an_idle_running_sink_cancels_it_and_cleans_up()
    {
        var loop = new SinkLoop();
        ScriptedSink sink = HostedSink.On(loop);
        Assert.True(Patience.Finish(sink.Start()).Success);
        loop.Dispose();
        Assert.IsType<DispatcherCancelledException>(sink.LastError);
        Assert.Contains("disposed", sink.LastError.Message, StringComparison.Ordinal);
        Assert.Equal(1, sink.StoppedRuns);
        AssertRefusesForGood(sink, SinkState.Cancelled);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void L13_Disposing_the_loop_amid_a_dispatch_fires_its_token_and_hands_the_rest_over(bool holdsTheThread)
    {
        var loop = new SinkLoop();
        Thread thread = HostedSink.ThreadOf(loop);
        var gate = new GatedHook();
        ScriptedSink sink = HostedSink.On(loop, script: s => s.Dispatching = (item, token) =>
            item != "a" ? ValueTask.CompletedTask : holdsTheThread ? gate.BlockingObedient(token) : gate.Obedient(token));
        sink.Log("a");
        gate.WaitUntilEntered();
        sink.Log("b");
        sink.Log("c");
        Assert.Null(Patience.OnOwnThread(loop.Dispose));

        Assert.True(gate.TokenFired);
        Patience.Ended(thread);
        Assert.Equal(SinkErrorReason.DispatcherUnexpectedlyCancelled, sink.LastError!.Reason);
        Assert.Equal(["b", "c"], sink.HandedOver);
        Assert.Same(sink.LastError, sink.HandOverCause);
        Assert.Equal((1, 2), (sink.Ledger.Failed, sink.Ledger.Undelivered));
        Assert.Equal(1, sink.StoppedRuns);
        AssertRefusesForGood(sink, SinkState.Cancelled);
    }

    [Fact]
    public void L13_Disposing_the_loop_amid_a_dispatch_that_ends_well_counts_it_as_delivered()
    {
        var loop = new SinkLoop();
        var gate = new GatedHook();
        ScriptedSink sink = HostedSink.On(loop, script: s => s.Dispatching = async (_, token) =>
        {
            try
            {
                await gate.Obedient(token);
            }
            catch (OperationCanceledException)
            {
                // Written all the same.
            }
        });
        sink.Log("a");
        gate.WaitUntilEntered();
        sink.Log("b");
        Assert.Null(Patience.OnOwnThread(loop.Dispose));
        Assert.Equal(["a"], sink.Delivered);
        Assert.Equal(["b"], sink.HandedOver);
        Assert.Equal((1, 0, 1), (sink.Ledger.Delivered, sink.Ledger.Failed, sink.Ledger.Undelivered));
        AssertRefusesForGood(sink, SinkState.Cancelled);
    }

    [Fact]
    public void L13_Disposing_the_loop_while_a_stop_flushes_fails_the_stop_and_hands_the_rest_over()
    {
        var loop = new SinkLoop();
        var gate = new GatedHook();
        ScriptedSink sink = HostedSink.On(loop, script: s => s.Dispatching = (_, token) => gate.Obedient(token));
        sink.Log("a");
        sink.Log("b");
        gate.WaitUntilEntered();
        SinkWaitHandle stop = sink.Stop();
        Assert.Equal(SinkState.Stopping, sink.State);
        Assert.Null(Patience.OnOwnThread(loop.Dispose));
        Assert.True(gate.TokenFired);
        Assert.Equal(SinkErrorReason.DispatcherUnexpectedlyCancelled, Patience.Finish(stop).Error!.Reason);
        Assert.Equal(["b"], sink.HandedOver);
        Assert.Equal(1, sink.StoppedRuns);
        AssertRefusesForGood(sink, SinkState.Failure);
    }

    [Fact]
    public void L9_Disposing_the_loop_while_the_stopped_hook_waits_fires_its_token_and_answers_the_stop()
    {
        var loop = new SinkLoop();
        var gate = new GatedHook();
        ScriptedSink sink = HostedSink.On(loop, script: s => s.Stopped = gate.Obedient);
        sink.Log("a");
        Patience.Finish(sink.FlushAsync().AsTask(), "The sink flushes");
        SinkWaitHandle stop = sink.Stop();
        gate.WaitUntilEntered();
        Assert.Null(Patience.OnOwnThread(loop.Dispose));
        Assert.True(gate.TokenFired);
        Assert.Equal(SinkErrorReason.OnStoppedHookFailed, Patience.Finish(stop).Error!.Reason);
        Assert.Equal(["a"], sink.Delivered);
        AssertRefusesForGood(sink, SinkState.Failure);
    }

    [Fact]
    public void L10_Disposing_the_loop_of_a_stopped_sink_leaves_it_stopped()
    {
        var loop = new SinkLoop();
        ScriptedSink sink = HostedSink.On(loop);
        Assert.True(Patience.Finish(sink.Start()).Success);
        Assert.True(Patience.Finish(sink.Stop()).Success);
        loop.Dispose();
        Assert.Null(sink.LastError);
        AssertRefusesForGood(sink, SinkState.Stopped);
    }

    [Fact]
    public void L11_Disposing_the_loop_of_a_failed_sink_keeps_its_error()
    {
        var loop = new SinkLoop();
        ScriptedSink sink = HostedSink.On(loop, script: s => s.Starting = static _ => throw new IOException("no disk"));
        Assert.False(Patience.Finish(sink.Start()).Success);
        SinkException error = sink.LastError!;
        loop.Dispose();
        Assert.Same(error, sink.LastError);
        AssertRefusesForGood(sink, SinkState.Failure);
    }

    [Fact]
    public void L13_Disposing_the_loop_while_a_failed_sink_cleans_up_waits_for_the_clean_up()
    {
        var loop = new SinkLoop();
        var gate = new GatedHook();
        ScriptedSink sink = HostedSink.On(loop, script: s =>
        {
            s.Dispatching = static (_, _) => throw new IOException("gone");
            s.Stopped = async token =>
            {
                try
                {
                    await gate.Obedient(token);
                }
                catch (OperationCanceledException)
                {
                    // Told to hurry.
                }
            };
        });
        sink.Log("a");
        gate.WaitUntilEntered();
        Assert.Equal(SinkState.Failure, sink.State);
        Assert.Null(Patience.OnOwnThread(loop.Dispose));
        Assert.True(gate.TokenFired);
        Assert.Equal("gone", sink.LastError!.InnerException!.Message);
        AssertRefusesForGood(sink, SinkState.Failure);
    }

    private static void AssertRefusesForGood(ScriptedSink sink, SinkState state)
    {
        Assert.Equal(state, sink.State);
        Assert.Equal(0, sink.Ledger.Pending);
        SinkOperationResult start = Patience.Finish(sink.Start());
        Assert.Equal(SinkErrorReason.EventLoopUnavailable, start.Error!.Reason);
        Assert.Same(sink.LastError, start.Error.InnerException);
        SinkException stop = Patience.Finish(sink.Stop()).Error!;
        Assert.Equal(SinkErrorReason.InvalidLogSinkState, stop.Reason);
        Assert.Same(sink.LastError, stop.InnerException);
        InvalidSinkStateException refusal = Assert.Throws<InvalidSinkStateException>(() => sink.Log("late"));
        Assert.Equal(state, refusal.State);
        Assert.Equal(LogOutcome.InvalidState, sink.TryLog("late"));
        var late = new CollectingObserver<SinkLifecycleEvent>();
        sink.Lifecycle.Subscribe(late);
        Assert.Equal(state, Assert.Single(late.WaitForCompletion()).To);
    }
}
