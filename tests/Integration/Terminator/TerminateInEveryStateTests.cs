using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Terminator;

public sealed class TerminateInEveryStateTests
{
    [Fact]
    public void T6_Terminate_joins_a_running_start()
    {
        var gate = new GatedHook();
        (ManagedSink<ScriptedSink> managed, Thread thread) = Create(s => s.Starting = token => s.StartingRuns == 1 ? ValueTask.CompletedTask : gate.Obedient(token));
        Patience.Finish(managed.Sink.Stop());
        SinkWaitHandle start = managed.Sink.Start();
        managed.Sink.Log("waits for the start");
        gate.WaitUntilEntered();
        Thread terminating = Terminate(managed);
        Assert.Equal(SinkState.Starting, managed.Sink.State);
        gate.Open();
        Patience.Ended(terminating);
        Assert.True(Patience.Finish(start).Success);
        Assert.Equal(["waits for the start"], managed.Sink.Delivered);
        Assert.Equal(SinkState.Stopped, managed.Sink.State);
        Assert.False(thread.IsAlive);
    }

    [Fact]
    public void T6_Terminate_joins_a_running_start_that_fails_and_throws_nothing()
    {
        var gate = new GatedHook();
        (ManagedSink<ScriptedSink> managed, Thread thread) = Create(s => s.Starting = token => s.StartingRuns == 1 ? ValueTask.CompletedTask : gate.Obedient(token));
        Patience.Finish(managed.Sink.Stop());
        SinkWaitHandle start = managed.Sink.Start();
        gate.WaitUntilEntered();
        Thread terminating = Terminate(managed);
        gate.Fail(new IOException("no disk"));
        Patience.Ended(terminating);
        Assert.Equal(SinkErrorReason.OnStartingHookFailed, Patience.Finish(start).Error!.Reason);
        Assert.Equal(SinkState.Failure, managed.Sink.State);
        Assert.False(thread.IsAlive);
    }

    [Fact]
    public void T6_Terminate_joins_a_running_stop_and_throws_its_error()
    {
        var gate = new GatedHook();
        (ManagedSink<ScriptedSink> managed, Thread thread) = Create(s => s.Stopped = gate.Obedient);
        SinkWaitHandle stop = managed.Sink.Stop();
        gate.WaitUntilEntered();
        Exception? thrown = null;
        var terminating = new Thread(() => thrown = Record.Exception(managed.Terminate)) { IsBackground = true };
        terminating.Start();
        Patience.Until(() => (terminating.ThreadState & ThreadState.WaitSleepJoin) != 0, "Terminate waits for the stop");
        gate.Fail(new IOException("cannot close"));
        Patience.Ended(terminating);
        Assert.Same(Patience.Finish(stop).Error, thrown);
        Assert.Equal(1, managed.Sink.StoppedRuns);
        Assert.False(thread.IsAlive);
    }

    [Fact]
    public void T6_Terminate_of_a_stopped_sink_only_ends_the_thread()
    {
        (ManagedSink<ScriptedSink> managed, Thread thread) = Create();
        Patience.Finish(managed.Sink.Stop());
        Assert.True(thread.IsAlive);
        managed.Terminate();
        Assert.Equal(SinkState.Stopped, managed.Sink.State);
        Assert.Equal(1, managed.Sink.StoppedRuns);
        Assert.False(thread.IsAlive);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void T6_Terminate_in_Failure_or_Cancelled_waits_for_clean_up_and_throws_nothing(bool cancelled)
    {
        var gate = new GatedHook();
        (ManagedSink<ScriptedSink> managed, Thread thread) = Create(s =>
        {
            s.Dispatching = (_, _) => throw (cancelled ? new OperationCanceledException() : new IOException("gone"));
            s.Stopped = gate.Obedient;
        });
        managed.Sink.Log("a");
        gate.WaitUntilEntered();
        SinkState expected = cancelled ? SinkState.Cancelled : SinkState.Failure;
        Assert.Equal(expected, managed.Sink.State);
        Thread terminating = Terminate(managed);
        Assert.False(terminating.Join(0));
        Assert.True(thread.IsAlive);
        gate.Open();
        Patience.Ended(terminating);
        Assert.False(gate.TokenFired);
        Assert.False(thread.IsAlive);
        Assert.Equal(expected, managed.Sink.State);
        InvalidSinkStateException refusal = Assert.Throws<InvalidSinkStateException>(() => managed.Sink.Log("late"));
        Assert.Equal(expected, refusal.State);
        Assert.Same(managed.Sink.LastError, refusal.InnerException);
        Assert.Equal(SinkErrorReason.EventLoopUnavailable, Patience.Finish(managed.Sink.Start()).Error!.Reason);
    }

    [Fact]
    public void T6_Terminate_after_the_clean_up_of_a_failed_sink_ends_the_thread()
    {
        (ManagedSink<ScriptedSink> managed, Thread thread) = Create(s => s.Dispatching = (_, _) => throw new IOException("gone"));
        managed.Sink.Log("a");
        Patience.Until(() => managed.Sink.StoppedRuns == 1, "The clean-up runs");
        managed.Terminate();
        Assert.False(thread.IsAlive);
        Assert.Equal(SinkState.Failure, managed.Sink.State);
    }

    [Fact]
    public void T6_Terminate_after_a_stop_that_failed_throws_nothing_more()
    {
        (ManagedSink<ScriptedSink> managed, Thread thread) = Create(s => s.Stopped = _ => throw new IOException("cannot close"));
        Assert.False(Patience.Finish(managed.Sink.Stop()).Success);
        managed.Terminate();
        Assert.False(thread.IsAlive);
    }

    [Fact]
    public void T6_DisposeAsync_terminates_without_blocking_the_caller()
    {
        var gate = new GatedHook();
        (ManagedSink<ScriptedSink> managed, Thread thread) = Create(s => s.Stopped = gate.Obedient);
        Task disposing = managed.DisposeAsync().AsTask();
        gate.WaitUntilEntered();
        Assert.False(disposing.IsCompleted);
        gate.Open();
        Patience.Finish(disposing, "The sink is disposed");
        Assert.False(thread.IsAlive);
        Assert.Equal(SinkState.Stopped, managed.Sink.State);
        Patience.Finish(managed.DisposeAsync().AsTask(), "Disposing again");
    }

    [Fact]
    public async Task T4_DisposeAsync_gives_the_stop_error_once()
    {
        (ManagedSink<ScriptedSink> managed, _) = Create(s => s.Stopped = _ => throw new IOException("cannot close"));
        await Assert.ThrowsAsync<OnStoppedHookFailedException>(async () => await managed.DisposeAsync());
        await managed.DisposeAsync();
        managed.Terminate();
    }

    [Fact]
    public void T2_Deconstruction_gives_the_sink_and_its_terminator()
    {
        ManagedSink<ScriptedSink> managed = HostedSink.Create();
        (ScriptedSink sink, Action terminate) = managed;
        Assert.Same(managed.Sink, sink);
        sink.Log("x");
        terminate();
        terminate();
        Assert.Equal(SinkState.Stopped, sink.State);
        Assert.Single(sink.Delivered);
    }

    [Fact]
    public void T6_A_sink_disposed_by_itself_can_still_be_terminated()
    {
        (ManagedSink<ScriptedSink> managed, Thread thread) = Create();
        Patience.Finish(managed.Sink.DisposeAsync().AsTask(), "The sink is disposed");
        Assert.Equal(SinkState.Stopped, managed.Sink.State);
        Assert.True(thread.IsAlive);
        managed.Terminate();
        Assert.False(thread.IsAlive);
    }

    private static (ManagedSink<ScriptedSink> Managed, Thread Thread) Create(Action<ScriptedSink>? script = null)
    {
        Thread? thread = null;
        ManagedSink<ScriptedSink> managed = HostedSink.Create(s =>
        {
            thread = Thread.CurrentThread;
            script?.Invoke(s);
        });
        return (managed, thread!);
    }

    private static Thread Terminate(ManagedSink<ScriptedSink> managed)
    {
        var thread = new Thread(managed.Terminate) { IsBackground = true };
        thread.Start();
        return thread;
    }
}
