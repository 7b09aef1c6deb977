using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Terminator;

public sealed class TerminateTests
{
    [Fact]
    public void T2_Terminate_again_does_nothing()
    {
        ManagedSink<ScriptedSink> managed = HostedSink.Create();
        managed.Terminate();
        managed.Terminate();
        managed.Dispose();
        Assert.Equal(1, managed.Sink.StoppedRuns);
    }

    [Fact]
    public void T2_Concurrent_terminate_calls_return_after_the_one_termination()
    {
        for (int round = 0; round < 10; round++)
        {
            Thread? thread = null;
            ManagedSink<ScriptedSink> managed = HostedSink.Create(s =>
            {
                thread = Thread.CurrentThread;
                s.Dispatching = static async (_, _) => await Task.Yield();
                s.Stopped = static async _ => await Task.Yield();
            });
            for (int i = 0; i < 100; i++)
                managed.Sink.Log($"{i}");
            Patience.Together(8, _ =>
            {
                managed.Terminate();
                Assert.Equal(SinkState.Stopped, managed.Sink.State);
                Assert.Equal(100, managed.Sink.Delivered.Count);
                Assert.Equal(1, managed.Sink.StoppedRuns);
                Assert.False(thread!.IsAlive);
            });
        }
    }

    [Fact]
    public void T3_Terminate_delivers_everything_accepted_before()
    {
        var gate = new GatedHook();
        ManagedSink<ScriptedSink> managed = HostedSink.Create(s => s.Dispatching = (item, token) => item == "0" ? gate.Obedient(token) : ValueTask.CompletedTask);
        for (int i = 0; i < 1000; i++)
            managed.Sink.Log($"{i}");
        gate.WaitUntilEntered();
        var terminating = new Thread(managed.Terminate) { IsBackground = true };
        terminating.Start();
        Patience.Until(() => managed.Sink.State == SinkState.Stopping, "The stop begins");
        Assert.Equal(LogOutcome.InvalidState, managed.Sink.TryLog("late"));
        gate.Open();
        Patience.Ended(terminating);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}"), managed.Sink.Delivered);
        Assert.Equal((1000, 0, 0), (managed.Sink.Ledger.Delivered, managed.Sink.Ledger.Undelivered, managed.Sink.Ledger.Pending));
        Assert.False(gate.TokenFired);
    }

    [Fact]
    public void T4_Terminate_throws_the_stop_error_once()
    {
        Thread? thread = null;
        var cause = new IOException("cannot close");
        ManagedSink<ScriptedSink> managed = HostedSink.Create(s =>
        {
            thread = Thread.CurrentThread;
            s.Stopped = _ => throw cause;
        });
        OnStoppedHookFailedException error = Assert.Throws<OnStoppedHookFailedException>(managed.Terminate);
        Assert.Same(cause, error.InnerException);
        Assert.Same(managed.Sink.LastError, error);
        Assert.Equal(SinkState.Failure, managed.Sink.State);
        Assert.False(thread!.IsAlive);
        managed.Terminate();
        managed.Dispose();
    }

    [Fact]
    public void T4_Of_concurrent_terminate_calls_exactly_one_throws_the_stop_error()
    {
        for (int round = 0; round < 10; round++)
        {
            ManagedSink<ScriptedSink> managed = HostedSink.Create(static s => s.Stopped = static _ => throw new IOException("cannot close"));
            int thrown = 0;
            Patience.Together(8, _ =>
            {
                if (Record.Exception(managed.Terminate) is OnStoppedHookFailedException)
                    Interlocked.Increment(ref thrown);
            });
            Assert.Equal(1, thrown);
        }
    }

    [Fact]
    public void T4_A_dispatch_that_fails_while_terminating_is_thrown()
    {
        var gate = new GatedHook();
        ManagedSink<ScriptedSink> managed = HostedSink.Create(s => s.Dispatching = (_, token) => gate.Obedient(token));
        managed.Sink.Log("a");
        managed.Sink.Log("b");
        gate.WaitUntilEntered();
        Exception? thrown = null;
        var terminating = new Thread(() => thrown = Record.Exception(managed.Terminate)) { IsBackground = true };
        terminating.Start();
        Patience.Until(() => managed.Sink.State == SinkState.Stopping, "The stop begins");
        gate.Fail(new IOException("gone"));
        Patience.Ended(terminating);
        Assert.Equal("gone", Assert.IsType<UnexpectedSinkException>(thrown).InnerException!.Message);
        Assert.Equal(["b"], managed.Sink.HandedOver);
        Assert.Equal(1, managed.Sink.StoppedRuns);
    }

    [Fact]
    public void T5_Terminate_from_a_start_hook_is_refused()
    {
        ManagedSink<ScriptedSink>? managed = null;
        Exception? error = null;
        managed = HostedSink.Create(s => s.Starting = _ =>
        {
            error = managed is null ? null : Record.Exception(managed.Terminate);
            return ValueTask.CompletedTask;
        });
        Patience.Finish(managed.Sink.Stop());
        Patience.Finish(managed.Sink.Start());
        AssertRefused(error);
        managed.Terminate();
        Assert.Equal(SinkState.Stopped, managed.Sink.State);
    }

    [Fact]
    public void T5_Terminate_from_a_dispatch_before_and_after_its_await_is_refused()
    {
        var errors = new List<Exception?>();
        ManagedSink<ScriptedSink>? managed = null;
        managed = HostedSink.Create(s => s.Dispatching = async (_, _) =>
        {
            errors.Add(Record.Exception(managed!.Terminate));
            await Task.Yield();
            errors.Add(Record.Exception(managed.Terminate));
            errors.Add(await Record.ExceptionAsync(async () => await managed.DisposeAsync()));
        });
        managed.Sink.Log("x");
        managed.Terminate();
        Assert.Equal(3, errors.Count);
        Assert.All(errors, AssertRefused);
        Assert.Single(managed.Sink.Delivered);
    }

    [Fact]
    public void T5_Terminate_from_a_stopped_hook_is_refused_while_another_thread_terminates()
    {
        Exception? error = null;
        ManagedSink<ScriptedSink>? managed = null;
        managed = HostedSink.Create(s => s.Stopped = _ =>
        {
            error = Record.Exception(managed!.Terminate);
            return ValueTask.CompletedTask;
        });
        managed.Terminate();
        AssertRefused(error);
    }

    [Fact]
    public void T5_Terminate_from_an_invocation_on_the_loop_is_refused()
    {
        SinkLoop? loop = null;
        ManagedSink<ScriptedSink> managed = HostedSink.Create(_ => loop = SinkLoop.Current);
        Exception? error = Patience.Finish(loop!.InvokeAsync(() => Record.Exception(managed.Terminate)), "The loop refuses");
        AssertRefused(error);
        Assert.Equal(SinkState.Running, managed.Sink.State);
        managed.Terminate();
    }

    [Fact]
    public void T7_After_termination_start_is_EventLoopUnavailable_and_log_refuses_with_the_final_state()
    {
        ManagedSink<ScriptedSink> managed = HostedSink.Create();
        managed.Terminate();
        SinkWaitHandle start = managed.Sink.Start();
        Assert.Equal(SinkOperation.Start, start.Operation);
        SinkOperationResult result = Patience.Finish(start);
        Assert.False(result.Success);
        Assert.IsType<EventLoopUnavailableException>(result.Error);
        InvalidSinkStateException refusal = Assert.Throws<InvalidSinkStateException>(() => managed.Sink.Log("late"));
        Assert.Equal(SinkState.Stopped, refusal.State);
        Assert.Equal(ExpectedStates.ForLog, refusal.ExpectedStates);
        Assert.Null(refusal.InnerException);
        Assert.Equal(1, managed.Sink.Ledger.Rejected);
        Assert.Equal(1, managed.Sink.StartingRuns);
        Assert.Equal(SinkErrorReason.InvalidLogSinkState, Patience.Finish(managed.Sink.Stop()).Error!.Reason);
    }

    [Fact]
    public void T7_A_start_that_races_with_terminate_ends_one_way_or_the_other_and_leaves_no_thread()
    {
        for (int round = 0; round < 30; round++)
        {
            Thread? thread = null;
            ManagedSink<ScriptedSink> managed = HostedSink.Create(_ => thread = Thread.CurrentThread);
            Patience.Together(3, i =>
            {
                if (i == 0)
                    managed.Terminate();
                else if (i == 1)
                    for (int n = 0; n < 20; n++) managed.Sink.Start().Wait();
                else
                    for (int n = 0; n < 20; n++) managed.Sink.Stop().Wait();
            });
            Assert.False(thread!.IsAlive);
            Assert.Equal(SinkState.Stopped, managed.Sink.State);
            Assert.Equal(SinkErrorReason.EventLoopUnavailable, Patience.Finish(managed.Sink.Start()).Error!.Reason);
            Assert.Equal(managed.Sink.StartingRuns, managed.Sink.StoppedRuns);
        }
    }

    private static void AssertRefused(Exception? error) =>
        Assert.Contains("own loop thread", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal);
}
