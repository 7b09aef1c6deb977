using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Loop;

/// <summary>Who may dispose a loop, how often, and what comes too late.</summary>
public sealed class LoopDisposeCallTests
{
    [Fact]
    public void P1_One_dispose_ends_the_sinks_of_a_loop_in_all_their_states()
    {
        var loop = new SinkLoop();
        var gate = new GatedHook();
        ScriptedSink virgin = HostedSink.On(loop);
        ScriptedSink running = HostedSink.On(loop);
        ScriptedSink starting = HostedSink.On(loop, script: s => s.Starting = gate.Obedient);
        ScriptedSink stopped = HostedSink.On(loop);
        Patience.Finish(running.Start());
        Patience.Finish(stopped.Start());
        Patience.Finish(stopped.Stop());
        SinkWaitHandle start = starting.Start();
        gate.WaitUntilEntered();
        Assert.Null(Patience.OnOwnThread(loop.Dispose));
        Assert.False(Patience.Finish(start).Success);
        Assert.Equal(
            [SinkState.Cancelled, SinkState.Cancelled, SinkState.Failure, SinkState.Stopped],
            new[] { virgin.State, running.State, starting.State, stopped.State });
    }

    [Fact]
    public void P1_A_loop_is_disposed_once_by_any_number_of_callers()
    {
        var loop = new SinkLoop();
        Thread thread = HostedSink.ThreadOf(loop);
        ScriptedSink sink = HostedSink.On(loop, script: s => s.Stopped = async _ => await Task.Yield());
        Patience.Finish(sink.Start());
        Patience.Together(8, _ =>
        {
            loop.Dispose();
            Assert.False(thread.IsAlive);
            Assert.Equal(1, sink.StoppedRuns);
        });
        loop.Dispose();
    }

    [Fact]
    public void P1_A_loop_cannot_be_disposed_on_its_own_thread()
    {
        using var loop = new SinkLoop();
        Exception? error = Patience.Finish(loop.InvokeAsync(() => Record.Exception(loop.Dispose)), "The loop refuses");
        Assert.Contains("its own thread", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal);
        Assert.Equal(3, Patience.Finish(loop.InvokeAsync(static () => 3), "The loop lives on"));
    }

    [Fact]
    public void P2_A_sink_cannot_be_constructed_on_a_loop_that_is_closing()
    {
        var loop = new SinkLoop();
        Thread thread = HostedSink.ThreadOf(loop);
        var gate = new GatedHook();
        var closing = new TaskCompletionSource();
        Exception? atConstruction = null;
        ScriptedSink sink = HostedSink.On(loop, script: s => s.Stopped = async _ =>
        {
            closing.SetResult();
            await gate.Deaf(default);
            atConstruction = Record.Exception(static () => new ScriptedSink().Start());
        });
        Patience.Finish(sink.Start());
        var disposer = new Thread(loop.Dispose) { IsBackground = true };
        disposer.Start();
        Patience.Finish(closing.Task, "The loop is closing");
        gate.Open();
        Patience.Ended(disposer);
        Assert.False(thread.IsAlive);
        Assert.IsType<EventLoopUnavailableException>(atConstruction);
    }
}
