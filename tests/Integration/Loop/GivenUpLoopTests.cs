using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Loop;

/// <summary>Hooks that ignore their token: the loop is given up after its grace, and everybody is told.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class GivenUpLoopTests : IDisposable
{
    private static readonly TimeSpan _grace = TimeSpan.FromMilliseconds(100);

    private readonly DiagnosticsCapture _diagnostics = new();
    private readonly GatedHook _gate = new();
    private readonly SinkLoop _loop = new("deaf", _grace);

    public void Dispose()
    {
        _gate.Open();
        _loop.Dispose();
        _diagnostics.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void L13_A_deaf_start_hook_does_not_hang_dispose(bool holdsTheThread)
    {
        Thread thread = HostedSink.ThreadOf(_loop);
        ScriptedSink sink = HostedSink.On(_loop, script: s => s.Starting = holdsTheThread ? _gate.BlockingDeaf : _gate.Deaf);
        SinkWaitHandle start = sink.Start();
        _gate.WaitUntilEntered();
        sink.Log("a");
        Assert.Null(Patience.OnOwnThread(_loop.Dispose));

        Assert.True(_gate.TokenFired);
        Assert.Equal(SinkErrorReason.EventLoopUnavailable, Patience.Finish(start).Error!.Reason);
        Assert.Equal(SinkState.Cancelled, sink.State);
        Assert.Equal(["a"], sink.HandedOver);
        AssertReported();
        AssertTheThreadEndsOnceItIsLetGo(thread, sink);
        Assert.Equal(0, sink.StoppedRuns);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void L13_A_deaf_dispatch_does_not_hang_dispose(bool holdsTheThread)
    {
        Thread thread = HostedSink.ThreadOf(_loop);
        ScriptedSink sink = HostedSink.On(_loop, script: s => s.Dispatching = (_, token) => holdsTheThread ? _gate.BlockingDeaf(token) : _gate.Deaf(token));
        sink.Log("a");
        _gate.WaitUntilEntered();
        sink.Log("b");
        ValueTask<FlushReport> flush = sink.FlushAsync();
        Assert.Null(Patience.OnOwnThread(_loop.Dispose));

        Assert.True(_gate.TokenFired);
        Assert.Equal(SinkState.Cancelled, sink.State);
        Assert.Equal(SinkErrorReason.DispatcherUnexpectedlyCancelled, sink.LastError!.Reason);
        Assert.Equal(["a", "b"], sink.HandedOver);
        Assert.Equal(new FlushReport(0, 0, 2), Patience.Finish(flush.AsTask(), "The flush ends"));
        AssertReported();
        AssertTheThreadEndsOnceItIsLetGo(thread, sink);
        Assert.Equal((0, 0, 2), (sink.Ledger.Delivered, sink.Ledger.Failed, sink.Ledger.Undelivered));
    }

    [Fact]
    public void L13_A_deaf_dispatch_during_a_stop_does_not_leave_the_stop_unanswered()
    {
        ScriptedSink sink = HostedSink.On(_loop, script: s => s.Dispatching = (_, token) => _gate.Deaf(token));
        sink.Log("a");
        _gate.WaitUntilEntered();
        SinkWaitHandle stop = sink.Stop();
        Assert.Null(Patience.OnOwnThread(_loop.Dispose));
        Assert.Equal(SinkErrorReason.DispatcherUnexpectedlyCancelled, Patience.Finish(stop).Error!.Reason);
        Assert.Equal(SinkState.Failure, sink.State);
        Assert.Equal(["a"], sink.HandedOver);
    }

    [Fact]
    public void L9_A_deaf_stopped_hook_does_not_leave_the_stop_unanswered()
    {
        ScriptedSink sink = HostedSink.On(_loop, script: s => s.Stopped = _gate.BlockingDeaf);
        Assert.True(Patience.Finish(sink.Start()).Success);
        SinkWaitHandle stop = sink.Stop();
        _gate.WaitUntilEntered();
        Assert.Null(Patience.OnOwnThread(_loop.Dispose));
        Assert.Equal(SinkErrorReason.OnStoppedHookFailed, Patience.Finish(stop).Error!.Reason);
        Assert.Equal(SinkState.Failure, sink.State);
    }

    [Fact]
    public void L12_A_deaf_clean_up_does_not_hang_dispose()
    {
        ScriptedSink sink = HostedSink.On(_loop, script: s =>
        {
            s.Dispatching = static (_, _) => throw new IOException("gone");
            s.Stopped = _gate.Deaf;
        });
        sink.Log("a");
        _gate.WaitUntilEntered();
        Assert.Null(Patience.OnOwnThread(_loop.Dispose));
        Assert.Equal(SinkState.Failure, sink.State);
        Assert.Equal("gone", sink.LastError!.InnerException!.Message);
        Patience.Finish(sink.DisposeAsync().AsTask(), "The sink is at rest");
    }

    [Fact]
    public void P1_What_waits_behind_a_deaf_hook_is_told()
    {
        var entered = new TaskCompletionSource();
        using var release = new ManualResetEventSlim();
        ScriptedSink neighbour = HostedSink.On(_loop);
        SynchronizationContext context = Patience.Finish(_loop.InvokeAsync(static () => SynchronizationContext.Current), "The loop tells its context")!;
        Task<int>? behindInTheSameTurn = null;
        Task<bool> blocker = _loop.InvokeAsync(() =>
        {
            entered.SetResult();
            return release.Wait(Patience.Bound);
        });
        behindInTheSameTurn = _loop.InvokeAsync(static () => 1);
        Patience.Finish(entered.Task, "The loop is blocked");
        Task<int> behind = _loop.InvokeAsync(static () => 2);
        SinkWaitHandle start = neighbour.Start();
        Task disposed = neighbour.DisposeAsync().AsTask();
        Exception? sent = null;
        var sender = new Thread(() => sent = Record.Exception(() => context.Send(static _ => { }, null))) { IsBackground = true };
        sender.Start();
        Assert.Null(Patience.OnOwnThread(_loop.Dispose));

        Assert.IsType<EventLoopUnavailableException>(Record.Exception(() => Patience.Finish(behindInTheSameTurn, "Told")));
        Assert.IsType<EventLoopUnavailableException>(Record.Exception(() => Patience.Finish(behind, "Told")));
        Assert.Equal(SinkErrorReason.EventLoopUnavailable, Patience.Finish(start).Error!.Reason);
        Patience.Finish(disposed, "The neighbour is disposed");
        Patience.Ended(sender);
        Assert.IsType<EventLoopUnavailableException>(sent);
        release.Set();
        Assert.True(Patience.Finish(blocker, "The blocker returns"));
    }

    [Fact]
    public void P1_Everything_behind_a_blocked_turn_is_told_even_what_the_turn_had_begun_with()
    {
        using var release = new ManualResetEventSlim();
        using var all = new ManualResetEventSlim();
        var entered = new TaskCompletionSource();
        // The first holds the loop until the others are queued, so that they all come up in one turn.
        _ = _loop.InvokeAsync(() => all.Wait(Patience.Bound));
        _ = _loop.InvokeAsync(() =>
        {
            entered.SetResult();
            return release.Wait(Patience.Bound);
        });
        Task<int>[] behind = [.. Enumerable.Range(0, 10).Select(n => _loop.InvokeAsync(() => n))];
        all.Set();
        Patience.Finish(entered.Task, "The loop is blocked");
        Assert.Null(Patience.OnOwnThread(_loop.Dispose));
        Assert.All(behind, task => Assert.IsType<EventLoopUnavailableException>(Record.Exception(() => Patience.Finish(task, "Told"))));
        release.Set();
    }

    [Fact]
    public void C2_A_slow_hand_over_of_a_given_up_loop_does_not_need_the_thread_that_disposed_it()
    {
        ScriptedSink sink = HostedSink.On(_loop, script: s =>
        {
            s.Starting = _gate.BlockingDeaf;
            s.Undelivered = async (_, _) => await Task.Yield();
        });
        using var context = new SingleThreadContext();
        sink.Log("a");
        SinkWaitHandle start = sink.Start();
        _gate.WaitUntilEntered();
        bool answered = context.Run(() =>
        {
            _loop.Dispose();
            return start.Wait(Patience.Bound / 2, out _); // blocks the context that disposed the loop
        });
        Assert.True(answered);
        Assert.Equal(["a"], sink.HandedOver);
    }

    [Fact]
    public void P1_A_given_up_loop_is_reported_once_and_disposing_it_again_returns_at_once()
    {
        ScriptedSink sink = HostedSink.On(_loop, script: s => s.Starting = _gate.BlockingDeaf);
        sink.Start();
        _gate.WaitUntilEntered();
        Patience.Together(4, _ => _loop.Dispose());
        Assert.Null(Patience.OnOwnThread(_loop.Dispose));
        AssertReported();
    }

    [Fact]
    public void P1_The_grace_is_ten_seconds_unless_a_test_says_otherwise()
    {
        using var loop = new SinkLoop();
        Assert.Equal(TimeSpan.FromSeconds(10), loop.Grace);
        Assert.Equal(_grace, _loop.Grace);
    }

    private void AssertReported()
    {
        Exception report = Assert.Single(_diagnostics.Errors, static error => error is TimeoutException);
        Assert.Contains("0.1 s", report.Message, StringComparison.Ordinal);
        Assert.Contains("'deaf'", DiagnosticsCapture.ContextOf(report), StringComparison.Ordinal);
    }

    private void AssertTheThreadEndsOnceItIsLetGo(Thread thread, ScriptedSink sink)
    {
        (SinkState State, SinkException? Error, string Ledger) before = (sink.State, sink.LastError, sink.Ledger.ToString());
        _gate.Open();
        Patience.Ended(thread);
        Assert.Equal(before, (sink.State, sink.LastError, sink.Ledger.ToString()));
    }
}
