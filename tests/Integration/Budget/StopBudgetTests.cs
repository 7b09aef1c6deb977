using System.Runtime.CompilerServices;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Budget;

public sealed class StopBudgetTests
{
    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_backend_that_honours_its_token_ends_the_stop_and_the_rest_is_handed_over()
    {
        using ManagedSink<ScriptedSink> managed = Stuck(async (_, token) => await Task.Delay(Timeout.InfiniteTimeSpan, token));
        SinkOperationResult result = await managed.Sink.Stop(_short);

        Assert.Equal(_short, Assert.IsType<StopBudgetSpentException>(result.Error).Budget);
        Assert.Equal(SinkState.Failure, managed.Sink.State);
        Assert.Same(result.Error, managed.Sink.LastError);
        Assert.Equal(["1", "2", "3"], managed.Sink.HandedOver);
        Assert.Equal((0, 1, 3, 0), Figures(managed.Sink.Ledger));
        Assert.Equal(1, managed.Sink.StoppedRuns);
    }

    [Fact]
    public async Task A_backend_that_ignores_its_token_cannot_hold_the_stop_up()
    {
        var never = new TaskCompletionSource();
        using ManagedSink<ScriptedSink> managed = Stuck(async (_, _) => await never.Task);
        SinkOperationResult result = await managed.Sink.Stop(_short);

        Assert.IsType<StopBudgetSpentException>(result.Error);
        Assert.Equal(["0", "1", "2", "3"], managed.Sink.HandedOver);
        Assert.Equal((0, 0, 4, 0), Figures(managed.Sink.Ledger));
        Assert.Equal(0, managed.Sink.StoppedRuns);

        // What the backend answers later changes nothing.
        never.SetResult();
        managed.Terminate();
        Assert.Equal((0, 0, 4, 0), Figures(managed.Sink.Ledger));
    }

    [Fact]
    public async Task A_backend_that_blocks_the_loop_cannot_hold_the_stop_up()
    {
        using var release = new ManualResetEventSlim();
        ManagedSink<ScriptedSink> managed = Stuck((_, _) =>
        {
            release.Wait(CancellationToken.None);
            return ValueTask.CompletedTask;
        });
        SinkOperationResult result = await managed.Sink.Stop(_short);

        Assert.IsType<StopBudgetSpentException>(result.Error);
        Assert.Equal((0, 0, 4, 0), Figures(managed.Sink.Ledger));
        release.Set();
        managed.Terminate();
        Assert.Equal((0, 0, 4, 0), Figures(managed.Sink.Ledger));
        Assert.Equal(["0", "1", "2", "3"], managed.Sink.HandedOver);
    }

    [Fact]
    public void Terminate_within_a_budget_returns_although_the_backend_blocks()
    {
        using var release = new ManualResetEventSlim();
        ManagedSink<ScriptedSink> managed = Stuck((_, _) =>
        {
            release.Wait(_bound, CancellationToken.None);
            return ValueTask.CompletedTask;
        });
        var ended = new TaskCompletionSource<Exception?>();
        new Thread(() => ended.SetResult(Record.Exception(() => managed.Terminate(_short)))).Start();
        // The thread is still in the backend, so the loop is given up after its grace, or released by us.
        Assert.True(SpinWait.SpinUntil(() => managed.Sink.State == SinkState.Failure, _bound));
        release.Set();

        Assert.True(ended.Task.Wait(_bound));
        Assert.IsType<StopBudgetSpentException>(ended.Task.Result);
        Assert.Null(Record.Exception(managed.Terminate));
    }

    [Fact]
    public async Task A_stopped_hook_that_does_not_return_cannot_hold_the_stop_up()
    {
        using ManagedSink<ScriptedSink> managed = SinkRuntime.Create(() => new ScriptedSink { Stopped = async token => await Task.Delay(Timeout.InfiniteTimeSpan, token) });
        managed.Sink.Log("0");
        SinkOperationResult result = await managed.Sink.Stop(_short);

        Assert.IsType<StopBudgetSpentException>(result.Error);
        Assert.Equal((1, 0, 0, 0), Figures(managed.Sink.Ledger));
        Assert.Equal(SinkState.Failure, managed.Sink.State);
    }

    [Fact]
    public async Task L7_The_shorter_of_two_budgets_counts()
    {
        using ManagedSink<ScriptedSink> managed = Stuck(async (_, token) => await Task.Delay(Timeout.InfiniteTimeSpan, token));
        SinkWaitHandle patient = managed.Sink.Stop(Timeout.InfiniteTimeSpan);
        SinkWaitHandle hasty = managed.Sink.Stop(_short);

        Assert.Equal(_short, Assert.IsType<StopBudgetSpentException>((await patient).Error).Budget);
        Assert.Equal(await patient, await hasty);
    }

    [Fact]
    public async Task L10_A_stop_within_its_budget_leaves_nothing_of_it_behind()
    {
        var time = new ManualTime();
        using ManagedSink<ScriptedSink> managed = SinkRuntime.Create(() => new ScriptedSink(new SinkOptions { TimeProvider = time }));
        Assert.True((await managed.Sink.Stop(_short)).Success);
        Assert.True((await managed.Sink.Start()).Success);
        time.Advance(TimeSpan.FromDays(1));
        managed.Sink.Log("0");
        await managed.Sink.FlushAsync();

        Assert.Equal(SinkState.Running, managed.Sink.State);
        Assert.Equal(0, time.ActiveTimers);
    }

    [Fact]
    public void A_negative_budget_is_refused()
    {
        using ManagedSink<ScriptedSink> managed = SinkRuntime.Create(() => new ScriptedSink());
        TimeSpan negative = TimeSpan.FromMilliseconds(-2);

        Assert.Equal("budget", Assert.Throws<ArgumentOutOfRangeException>(() => managed.Sink.Stop(negative)).ParamName);
        Assert.Equal("budget", Assert.Throws<ArgumentOutOfRangeException>(() => managed.Terminate(negative)).ParamName);
        Assert.Equal(nameof(SinkOptions.StopBudget), Assert.Throws<ArgumentOutOfRangeException>(() => new SinkOptions { StopBudget = negative }).ParamName);
        Assert.Equal(SinkState.Running, managed.Sink.State);
    }

    [Fact]
    public void A_callback_of_the_token_that_blocks_cannot_hold_the_stop_up()
    {
        using var release = new ManualResetEventSlim();
        var never = new TaskCompletionSource();
        ManagedSink<ScriptedSink> managed = Stuck(async (_, token) =>
        {
            token.Register(release.Wait);
            await never.Task;
        });
        Assert.IsType<StopBudgetSpentException>(Patience.Finish(managed.Sink.Stop(_short)).Error);
        release.Set();
        managed.Terminate();
    }

    [Fact]
    public void T2_The_budget_of_a_second_caller_of_Terminate_counts_too()
    {
        ManagedSink<ScriptedSink> managed = Stuck(static async (_, token) => await Task.Delay(Timeout.InfiniteTimeSpan, token));
        Exception? first = null;
        var patient = new Thread(() => first = Record.Exception(() => managed.Terminate(Timeout.InfiniteTimeSpan))) { IsBackground = true };
        patient.Start();
        managed.Sink.UntilState(SinkState.Stopping);
        Assert.Null(Patience.OnOwnThread(() => managed.Terminate(_short)));
        Patience.Ended(patient);
        Assert.IsType<StopBudgetSpentException>(first);
    }

    [Fact]
    public void A_loop_does_not_hold_a_sink_whose_stop_is_over_until_its_budget_would_be()
    {
        using var loop = new SinkLoop();
        WeakReference sink = StoppedAndDisposed(loop);
        Patience.Until(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return !sink.IsAlive;
            },
            "nobody holds the sink");
    }

    [Fact]
    public void W4_A_clock_that_throws_does_not_make_Stop_throw()
    {
        using var hosted = Hosted.Running(static () => new ScriptedSink(new SinkOptions { TimeProvider = new BrokenClock() }));
        SinkWaitHandle? stop = null;
        Assert.Null(Record.Exception(() => stop = hosted.Sink.Stop(_bound)));
        Assert.True(Patience.Finish(stop!).Success);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference StoppedAndDisposed(SinkLoop loop)
    {
        ScriptedSink sink = Patience.Finish(loop.InvokeAsync(static () => new ScriptedSink()), "the construction");
        Assert.True(Patience.Finish(sink.Start()).Success);
        Assert.True(Patience.Finish(sink.Stop(TimeSpan.FromHours(1))).Success);
        Patience.Finish(sink.DisposeAsync().AsTask(), "the disposal");
        return new WeakReference(sink);
    }

    private static (long Delivered, long Failed, long Undelivered, long Pending) Figures(SinkLedger ledger) =>
        (ledger.Delivered, ledger.Failed, ledger.Undelivered, ledger.Pending);

    /// <summary>A sink with four events, whose backend is at the first.</summary>
    private static ManagedSink<ScriptedSink> Stuck(Func<string, CancellationToken, ValueTask> dispatching)
    {
        var entered = new TaskCompletionSource();
        ManagedSink<ScriptedSink> managed = SinkRuntime.Create(() => new ScriptedSink
        {
            Dispatching = (item, token) =>
            {
                entered.TrySetResult();
                return dispatching(item, token);
            },
        });
        for (int i = 0; i < 4; i++)
            managed.Sink.Log($"{i}");
        Assert.True(entered.Task.Wait(_bound));
        return managed;
    }

    private sealed class BrokenClock : TimeProvider
    {
        public override long GetTimestamp() => throw new InvalidOperationException("broken clock");

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => throw new InvalidOperationException("broken clock");
    }
}
