using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Lifecycle;

public sealed class StartTests
{
    [Fact]
    public void L1_A_new_sink_is_Virgin_and_no_hook_has_run()
    {
        using var hosted = Hosted.Virgin(() => new ScriptedSink());
        hosted.Loop.InvokeAsync(() => 0).Wait(Bounded.Time); // whatever the constructor may have posted has run
        Assert.Equal(SinkState.Virgin, hosted.Sink.State);
        Assert.Equal((0, 0), (hosted.Sink.StartingRuns, hosted.Sink.StoppedRuns));
        Assert.Null(hosted.Sink.LastError);
        Assert.Equal(0, hosted.Sink.Ledger.Offered);
    }

    [Fact]
    public void L1_Looking_at_a_new_sink_does_not_start_it()
    {
        using var hosted = Hosted.Virgin(() => new ScriptedSink());
        using IDisposable lifecycle = hosted.Sink.Lifecycle.Subscribe(static _ => { });
        using IDisposable dispatches = hosted.Sink.Dispatches.Subscribe(static _ => { });
        _ = hosted.Sink.Ledger;
        hosted.Sink.FlushAsync().Result();
        Assert.Equal(SinkState.Virgin, hosted.Sink.State);
        Assert.Equal(0, hosted.Sink.StartingRuns);
    }

    [Fact]
    public void L2_The_state_is_Starting_before_Start_returns_even_while_the_loop_is_busy()
    {
        var busy = new Checkpoint();
        using var hosted = Hosted.Virgin(() => new ScriptedSink());
        hosted.Loop.InvokeAsync(() => { busy.PassBlocking(); return 0; });
        busy.UntilReached();
        SinkWaitHandle start = hosted.Sink.Start();
        Assert.Equal(SinkState.Starting, hosted.Sink.State);
        Assert.Equal(0, hosted.Sink.StartingRuns);
        Assert.False(start.Wait(TimeSpan.Zero, out _));
        busy.Open();
        start.Succeeds();
        Assert.Equal(SinkState.Running, hosted.Sink.State);
    }

    [Fact]
    public void L2_The_starting_hook_runs_on_the_loop_with_a_live_token()
    {
        (bool OnLoop, bool Cancelled)? seen = null;
        SinkLoop? current = null;
        using var hosted = Hosted.Virgin(() => new ScriptedSink
        {
            Starting = token =>
            {
                seen = (SinkLoop.Current is not null, token.IsCancellationRequested);
                current = SinkLoop.Current;
                return ValueTask.CompletedTask;
            },
        });
        hosted.Sink.Start().Succeeds();
        Assert.Equal((true, false), seen);
        Assert.Same(hosted.Loop, current);
    }

    [Fact]
    public void L2_Nothing_is_dispatched_and_the_handle_is_open_until_the_starting_hook_has_ended()
    {
        var hook = new Checkpoint();
        using var hosted = Hosted.Virgin(() => new ScriptedSink { Starting = hook.PassAsync });
        SinkWaitHandle start = hosted.Sink.Start();
        hook.UntilReached();
        hosted.Sink.Log("waits");
        hosted.Loop.InvokeAsync(() => 0).Wait(Bounded.Time);
        Assert.Equal(SinkState.Starting, hosted.Sink.State);
        Assert.False(start.Wait(TimeSpan.Zero, out _));
        Assert.Empty(hosted.Sink.Delivered);
        hook.Open();
        start.Succeeds();
        Assert.Equal(1, hosted.Sink.FlushAsync().Result().Delivered);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void L2_When_the_handle_completes_the_sink_is_Running(bool asynchronousHook)
    {
        using var hosted = Hosted.Virgin(() => new ScriptedSink
        {
            Starting = async _ =>
            {
                if (asynchronousHook)
                    await Task.Yield();
            },
        });
        SinkState seen = hosted.Sink.Start().AsTask().ContinueWith(_ => hosted.Sink.State, TaskScheduler.Default).WaitAsync(Bounded.Time).Result;
        Assert.Equal(SinkState.Running, seen);
    }

    [Fact]
    public void L3_Start_while_starting_joins_the_same_start()
    {
        var hook = new Checkpoint();
        using var hosted = Hosted.Virgin(() => new ScriptedSink { Starting = hook.PassAsync });
        SinkWaitHandle first = hosted.Sink.Start();
        hook.UntilReached();
        SinkWaitHandle second = hosted.Sink.Start();
        Assert.False(second.Wait(TimeSpan.Zero, out _));
        hook.Open();
        Assert.Equal(first.Result(), second.Result());
        Assert.Equal(1, hosted.Sink.StartingRuns);
    }

    [Fact]
    public void L3_Sixteen_threads_that_start_at_once_share_one_hook_run_and_one_failure()
    {
        var hook = new Checkpoint();
        using var hosted = Hosted.Virgin(() => new ScriptedSink
        {
            Starting = async token =>
            {
                await hook.PassAsync(token);
                throw new InvalidOperationException("no backend");
            },
        });
        SinkWaitHandle[] handles = Together.Ask(16, _ => hosted.Sink.Start());
        hook.Open();
        SinkException error = Assert.Single(handles.Select(static handle => handle.Error<OnStartingHookFailedException>()).Distinct());
        Assert.Same(hosted.Sink.LastError, error);
        Assert.Equal(1, hosted.Sink.StartingRuns);
    }

    [Fact]
    public void L3_Start_joins_the_start_that_the_first_event_began()
    {
        var hook = new Checkpoint();
        using var hosted = Hosted.Virgin(() => new ScriptedSink { Starting = hook.PassAsync });
        hosted.Sink.Log("first");
        SinkWaitHandle start = hosted.Sink.Start();
        Assert.False(start.Wait(TimeSpan.Zero, out _));
        hook.Open();
        start.Succeeds();
        Assert.Equal(1, hosted.Sink.StartingRuns);
    }

    [Fact]
    public void L3_Start_from_inside_the_starting_hook_joins_it()
    {
        SinkWaitHandle? inner = null;
        Hosted<ScriptedSink>? self = null;
        using var hosted = Hosted.Virgin(() => new ScriptedSink());
        self = hosted;
        hosted.Sink.Starting = _ =>
        {
            inner = self.Sink.Start();
            return ValueTask.CompletedTask;
        };
        SinkWaitHandle outer = hosted.Sink.Start();
        outer.Succeeds();
        inner!.Succeeds();
        Assert.Equal(1, hosted.Sink.StartingRuns);
    }
}
