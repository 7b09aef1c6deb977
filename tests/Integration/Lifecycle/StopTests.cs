using System.Collections.Concurrent;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Lifecycle;

public sealed class StopTests
{
    [Fact]
    public void L6_The_state_is_Stopping_before_Stop_returns_even_while_the_loop_is_busy()
    {
        var busy = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink());
        hosted.Loop.InvokeAsync(() => { busy.PassBlocking(); return 0; });
        busy.UntilReached();
        SinkWaitHandle stop = hosted.Sink.Stop();
        Assert.Equal(SinkState.Stopping, hosted.Sink.State);
        Assert.Equal(LogOutcome.InvalidState, hosted.Sink.TryLog("too late"));
        Assert.False(stop.Wait(TimeSpan.Zero, out _));
        busy.Open();
        stop.Succeeds();
        Assert.Equal(SinkState.Stopped, hosted.Sink.State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void L6_Every_event_accepted_before_Stop_is_dispatched_and_then_the_stopped_hook_runs(bool asynchronous)
    {
        var order = new ConcurrentQueue<string>();
        using var hosted = Hosted.Running(() => new ScriptedSink
        {
            Dispatching = async (item, _) =>
            {
                if (asynchronous)
                    await Task.Yield();
                order.Enqueue(item);
            },
            Stopped = async _ =>
            {
                await Task.Yield();
                order.Enqueue("stopped hook");
            },
        });
        string[] items = [.. Enumerable.Range(0, 2_000).Select(static i => $"{i}")];
        foreach (string item in items)
            hosted.Sink.Log(item);
        hosted.Sink.Stop().Succeeds();
        Assert.Equal([.. items, "stopped hook"], order);
        Assert.Equal(2_000, hosted.Sink.Ledger.Delivered);
        Assert.Equal(0, hosted.Sink.Ledger.Pending);
    }

    [Fact]
    public void L6_Stop_waits_for_the_event_in_dispatch()
    {
        var dispatch = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink { Dispatching = (_, token) => dispatch.PassAsync(token) });
        hosted.Sink.Log("slow");
        dispatch.UntilReached();
        SinkWaitHandle stop = hosted.Sink.Stop();
        hosted.Loop.InvokeAsync(() => 0).Wait(Bounded.Time);
        Assert.False(stop.Wait(TimeSpan.Zero, out _));
        Assert.Equal(0, hosted.Sink.StoppedRuns);
        dispatch.Open();
        stop.Succeeds();
        Assert.Equal(["slow"], hosted.Sink.Delivered);
        Assert.Equal(1, hosted.Sink.StoppedRuns);
    }

    [Fact]
    public void L6_A_stop_does_not_fire_the_token_of_dispatches_and_hooks()
    {
        var dispatch = new Checkpoint();
        var fired = new ConcurrentQueue<bool>();
        using var hosted = Hosted.Running(() => new ScriptedSink
        {
            Dispatching = async (_, token) =>
            {
                await dispatch.PassAsync(token);
                fired.Enqueue(token.IsCancellationRequested);
            },
            Stopped = token =>
            {
                fired.Enqueue(token.IsCancellationRequested);
                return ValueTask.CompletedTask;
            },
        });
        hosted.Sink.Log("in dispatch");
        hosted.Sink.Log("queued");
        dispatch.UntilReached();
        SinkWaitHandle stop = hosted.Sink.Stop();
        dispatch.Open();
        stop.Succeeds();
        Assert.Equal([false, false, false], fired);
    }

    [Fact]
    public void L6_Stop_of_an_idle_sink_that_never_had_an_event_runs_the_stopped_hook_once()
    {
        using var hosted = Hosted.Running(() => new ScriptedSink());
        hosted.Sink.Stop().Succeeds();
        Assert.Equal((1, 1), (hosted.Sink.StartingRuns, hosted.Sink.StoppedRuns));
        Assert.Null(hosted.Sink.LastError);
    }

    [Fact]
    public void L6_Stop_from_inside_a_dispatch_begins_the_stop_and_the_rest_is_dispatched()
    {
        ScriptedSink? self = null;
        SinkWaitHandle? stop = null;
        var begin = new Checkpoint();
        using var hosted = Hosted.Running(() => self = new ScriptedSink());
        hosted.Sink.Dispatching = async (item, token) =>
        {
            await begin.PassAsync(token);
            if (item == "a")
                stop = self!.Stop();
        };
        hosted.Sink.Log("a");
        hosted.Sink.Log("b");
        begin.Open();
        hosted.Sink.UntilState(SinkState.Stopped);
        stop!.Succeeds();
        Assert.Equal(["a", "b"], hosted.Sink.Delivered);
    }

    [Fact]
    public void L6_Every_event_accepted_from_racing_threads_is_delivered_whenever_the_stop_comes()
    {
        for (int round = 0; round < 50; round++)
        {
            using var hosted = Hosted.Running(() => new ScriptedSink());
            int[] accepted = new int[3];
            Together.Run(4, index =>
            {
                if (index == 3)
                {
                    SpinWait.SpinUntil(() => hosted.Sink.Ledger.Accepted > round, Bounded.Time);
                    hosted.Sink.Stop().Succeeds();
                    return;
                }

                while (hosted.Sink.TryLog("x") is var outcome && outcome != LogOutcome.InvalidState)
                    accepted[index] += outcome == LogOutcome.Accepted ? 1 : 0;
            });
            Assert.Equal(accepted.Sum(), hosted.Sink.Delivered.Count);
            Assert.Equal(accepted.Sum(), hosted.Sink.Ledger.Delivered);
        }
    }

    [Fact]
    public void L7_Stop_while_stopping_joins_the_same_stop()
    {
        var hook = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink { Stopped = hook.PassAsync });
        SinkWaitHandle first = hosted.Sink.Stop();
        hook.UntilReached();
        SinkWaitHandle second = hosted.Sink.Stop();
        Assert.False(second.Wait(TimeSpan.Zero, out _));
        hook.Open();
        Assert.Equal(first.Result(), second.Result());
        Assert.True(second.Result().Success);
        Assert.Equal(1, hosted.Sink.StoppedRuns);
    }

    [Fact]
    public void L7_Sixteen_threads_that_stop_at_once_share_one_hook_run_and_one_failure()
    {
        var hook = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink
        {
            Stopped = async token =>
            {
                await hook.PassAsync(token);
                throw new InvalidOperationException("cannot close");
            },
        });
        SinkWaitHandle[] handles = Together.Ask(16, _ => hosted.Sink.Stop());
        hook.Open();
        SinkException error = Assert.Single(handles.Select(static handle => handle.Error<OnStoppedHookFailedException>()).Distinct());
        Assert.Same(hosted.Sink.LastError, error);
        Assert.Equal(1, hosted.Sink.StoppedRuns);
    }

    [Fact]
    public void L7_Stop_while_the_events_are_still_being_dispatched_joins_too()
    {
        var dispatch = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink { Dispatching = (_, token) => dispatch.PassAsync(token) });
        hosted.Sink.Log("slow");
        dispatch.UntilReached();
        SinkWaitHandle first = hosted.Sink.Stop();
        SinkWaitHandle second = hosted.Sink.Stop();
        dispatch.Open();
        Assert.Equal(first.Result(), second.Result());
        Assert.Equal(["slow"], hosted.Sink.Delivered);
    }

    [Fact]
    public void L7_Stop_from_inside_the_stopped_hook_joins_the_stop()
    {
        ScriptedSink? self = null;
        SinkWaitHandle? inner = null;
        using var hosted = Hosted.Running(() => self = new ScriptedSink());
        hosted.Sink.Stopped = _ =>
        {
            inner = self!.Stop();
            return ValueTask.CompletedTask;
        };
        hosted.Sink.Stop().Succeeds();
        inner!.Succeeds();
        Assert.Equal(1, hosted.Sink.StoppedRuns);
    }
}
