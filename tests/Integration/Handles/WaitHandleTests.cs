using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Handles;

public sealed class WaitHandleTests
{
    [Fact]
    public async Task W1_Waiting_and_awaiting_give_the_same_result_before_and_after_completion()
    {
        var hook = new Checkpoint();
        using var hosted = Hosted.Virgin(() => new ScriptedSink { Starting = hook.PassAsync });
        SinkWaitHandle handle = hosted.Sink.Start();
        Task<SinkOperationResult> waiting = Task.Factory.StartNew(handle.Wait, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Task<SinkOperationResult> awaiting = Await(handle);
        Task<SinkOperationResult> task = handle.AsTask();
        Assert.False(awaiting.IsCompleted);
        hook.Open();
        SinkOperationResult[] results =
        [
            await waiting.Within(), await awaiting.Within(), await task.Within(), handle.Wait(), await handle, handle.Result(), await handle.AsTask(),
        ];
        Assert.All(results, static result => Assert.Equal(new SinkOperationResult(SinkOperation.Start, true, null), result));
    }

    [Fact]
    public void W1_Any_number_of_threads_wait_for_one_failure_and_get_the_very_same_error()
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
        SinkWaitHandle handle = hosted.Sink.Stop();
        SinkOperationResult[] results = Together.Ask(12, index =>
        {
            if (index == 11)
                hook.Open();
            return index % 2 == 0 ? handle.Result() : Await(handle).WaitAsync(Bounded.Time).Result;
        });
        Assert.All(results, result => Assert.Same(hosted.Sink.LastError, result.Error));
        Assert.Same(hosted.Sink.LastError, handle.Wait().Error);
    }

    [Fact]
    public void W1_A_wait_with_a_timeout_tells_whether_the_operation_completed_in_time()
    {
        var hook = new Checkpoint();
        using var hosted = Hosted.Virgin(() => new ScriptedSink { Starting = hook.PassAsync });
        SinkWaitHandle handle = hosted.Sink.Start();
        Assert.False(handle.Wait(TimeSpan.Zero, out SinkOperationResult none));
        Assert.Equal(default, none);
        Assert.False(handle.Wait(TimeSpan.FromMilliseconds(20), out _));
        Assert.Equal(SinkState.Starting, hosted.Sink.State);
        hook.Open();
        Assert.True(handle.Wait(Timeout.InfiniteTimeSpan, out SinkOperationResult result));
        Assert.True(result.Success);
        Assert.True(handle.Wait(TimeSpan.Zero, out result));
        Assert.True(result.Success);
    }

    [Fact]
    public void W1_A_timeout_that_makes_no_sense_is_an_ArgumentOutOfRangeException()
    {
        using var hosted = Hosted.Running(() => new ScriptedSink());
        SinkWaitHandle handle = hosted.Sink.Stop();
        foreach (TimeSpan bad in new[] { TimeSpan.FromSeconds(-2), TimeSpan.MaxValue, TimeSpan.FromMilliseconds(-1.5) })
            Assert.Equal("timeout", Assert.Throws<ArgumentOutOfRangeException>(() => handle.Wait(bad, out _)).ParamName);
    }

    [Fact]
    public void W1_Handles_tell_their_operation()
    {
        using var hosted = Hosted.Virgin(() => new ScriptedSink());
        SinkWaitHandle start = hosted.Sink.Start();
        start.Succeeds();
        SinkWaitHandle stop = hosted.Sink.Stop();
        stop.Succeeds();
        Assert.Equal((SinkOperation.Start, SinkOperation.Start), (start.Operation, start.Wait().Operation));
        Assert.Equal((SinkOperation.Stop, SinkOperation.Stop), (stop.Operation, stop.Wait().Operation));
    }

    [Fact]
    public void W1_Continuations_of_a_handle_do_not_run_on_the_loop()
    {
        var hook = new Checkpoint();
        using var hosted = Hosted.Virgin(() => new ScriptedSink { Starting = hook.PassAsync });
        Task<SinkLoop?> seen = hosted.Sink.Start().AsTask().ContinueWith(
            static _ => SinkLoop.Current, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        hook.Open();
        Assert.Null(seen.WaitAsync(Bounded.Time).Result);
    }

    [Fact]
    public void W2_Cancelling_an_await_does_not_cancel_the_operation()
    {
        var hook = new Checkpoint();
        using var hosted = Hosted.Virgin(() => new ScriptedSink { Starting = hook.PassAsync });
        SinkWaitHandle handle = hosted.Sink.Start();
        hook.UntilReached();
        using var cancellation = new CancellationTokenSource();
        Task<SinkOperationResult> given = handle.AsTask().WaitAsync(cancellation.Token);
        cancellation.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => given.WaitAsync(Bounded.Time).GetAwaiter().GetResult());
        Assert.Equal(SinkState.Starting, hosted.Sink.State);
        hook.Open();
        handle.Succeeds();
        Assert.Equal(SinkState.Running, hosted.Sink.State);
    }

    [Fact]
    public void W2_Giving_up_a_wait_for_a_stop_does_not_give_up_the_stop()
    {
        var dispatch = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink { Dispatching = (_, token) => dispatch.PassAsync(token) });
        hosted.Sink.Log("x");
        dispatch.UntilReached();
        Assert.False(hosted.Sink.Stop().Wait(TimeSpan.FromMilliseconds(10), out _));
        dispatch.Open();
        hosted.Sink.UntilState(SinkState.Stopped);
        Assert.Equal(["x"], hosted.Sink.Delivered);
    }

    [Fact]
    public void W3_Wait_on_the_sinks_own_loop_thread_throws_at_once_and_the_operation_goes_on()
    {
        ScriptedSink? self = null;
        var thrown = new List<Exception?>();
        using var hosted = Hosted.Running(() => self = new ScriptedSink());
        hosted.Sink.Dispatching = (_, _) =>
        {
            SinkWaitHandle stop = self!.Stop();
            thrown.Add(Record.Exception(() => stop.Wait()));
            thrown.Add(Record.Exception(() => stop.Wait(TimeSpan.FromSeconds(1), out _)));
            return ValueTask.CompletedTask;
        };
        hosted.Sink.Log("stops its own sink");
        hosted.Sink.UntilState(SinkState.Stopped);
        Assert.Equal(2, thrown.Count);
        Assert.All(thrown, static error => Assert.IsType<InvalidOperationException>(error));
    }

    [Fact]
    public void W3_Wait_in_a_hook_throws_before_and_after_an_await()
    {
        ScriptedSink? self = null;
        var thrown = new List<Exception?>();
        using var hosted = Hosted.Virgin(() => self = new ScriptedSink());
        hosted.Sink.Starting = async _ =>
        {
            thrown.Add(Record.Exception(() => self!.Start().Wait()));
            await Task.Yield();
            thrown.Add(Record.Exception(() => self!.Start().Wait()));
        };
        hosted.Sink.Start().Succeeds();
        Assert.Equal(2, thrown.Count);
        Assert.All(thrown, static error => Assert.IsType<InvalidOperationException>(error));
    }

    [Fact]
    public void W3_Wait_on_the_loop_for_what_is_over_already_cannot_deadlock_and_returns()
    {
        using var hosted = Hosted.Virgin(() => new ScriptedSink());
        SinkWaitHandle start = hosted.Sink.Start();
        start.Succeeds();
        Assert.True(hosted.Loop.InvokeAsync(() => start.Wait().Success).WaitAsync(Bounded.Time).Result);
        Assert.False(hosted.Loop.InvokeAsync(() => hosted.Sink.Start().Wait().Success).WaitAsync(Bounded.Time).Result);
    }

    [Fact]
    public void W3_Wait_on_another_sinks_loop_is_allowed()
    {
        using var hosted = Hosted.Virgin(() => new ScriptedSink());
        using var other = new SinkLoop();
        Assert.True(other.InvokeAsync(() => hosted.Sink.Start().Wait().Success).WaitAsync(Bounded.Time).Result);
    }

    [Fact]
    public void W3_Awaiting_on_the_own_loop_is_allowed()
    {
        ScriptedSink? self = null;
        SinkOperationResult? result = null;
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var hosted = Hosted.Running(() => self = new ScriptedSink());
        hosted.Loop.InvokeAsync(async () =>
        {
            result = await self!.Stop();
            Assert.Same(hosted.Loop, SinkLoop.Current);
            over.SetResult();
        });
        Assert.True(over.Task.Wait(Bounded.Time));
        Assert.True(result!.Value.Success);
    }

    [Fact]
    public async Task W4_Nothing_that_an_operation_does_is_thrown_at_the_caller()
    {
        using var hosted = Hosted.Virgin(() => new ScriptedSink { Starting = static _ => throw new InvalidOperationException("no backend") });
        SinkWaitHandle start = hosted.Sink.Start();
        SinkOperationResult waited = start.Result();
        SinkOperationResult awaited = await start;
        Assert.Equal(waited, awaited);
        Assert.False(waited.Success);
        Assert.True(start.AsTask().IsCompletedSuccessfully);
        foreach (SinkWaitHandle refused in new[] { hosted.Sink.Start(), hosted.Sink.Stop() })
            Assert.IsType<InvalidSinkStateException>((await refused).Error);
    }

    [Fact]
    public void W4_Operations_on_a_loop_that_is_gone_give_a_result_too()
    {
        var virgin = Hosted.Virgin(() => new ScriptedSink());
        var stopped = Hosted.Stopped(() => new ScriptedSink());
        virgin.Dispose();
        stopped.Dispose();
        stopped.Sink.Start().Error<EventLoopUnavailableException>();
        stopped.Sink.Stop().Error<InvalidSinkStateException>();
        Assert.Equal(SinkErrorReason.EventLoopUnavailable, virgin.Sink.Start().Result().Error!.Reason);
        Assert.Throws<InvalidSinkStateException>(() => virgin.Sink.Log("x"));
    }

    [Fact]
    public void W4_A_default_result_is_harmless()
    {
        var result = default(SinkOperationResult);
        Assert.False(result.Success);
        Assert.Null(result.Error);
        Assert.NotEmpty(result.ToString());
    }

    private static async Task<SinkOperationResult> Await(SinkWaitHandle handle) => await handle;
}
