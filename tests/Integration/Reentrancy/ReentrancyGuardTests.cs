using System.Collections.Concurrent;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Reentrancy;

public sealed class ReentrancyGuardTests
{
    [Fact]
    public async Task An_event_from_inside_a_dispatch_is_dropped_and_counted_wherever_its_flow_went()
    {
        using ManagedSink<TalkingSink> managed = SinkRuntime.Create(() => new TalkingSink());
        var guard = new ReentrancyGuard<string>(managed.Sink);
        managed.Sink.Dispatching = async (item, token) =>
        {
            guard.Log($"{item}: on the loop");
            await Task.Run(() => guard.Log($"{item}: on the pool"), token);
            await Task.Yield();
            guard.Log($"{item}: back");
            await Task.Run(() => guard.Log($"{item}: away"), token).ConfigureAwait(false);
            guard.Log($"{item}: stayed away");
        };
        guard.Log("a");
        guard.Log("b");
        await managed.Sink.FlushAsync().AsTask().Within();
        Assert.Equal(["a", "b"], managed.Sink.Delivered);
        Assert.Equal(10, guard.Reentered);
        Assert.Equal(10, managed.Sink.Ledger.Dropped);
        Assert.Equal(12, managed.Sink.Ledger.Offered);
        Assert.False(guard.IsReentrant);
    }

    [Fact]
    public async Task A_flow_from_elsewhere_is_not_taken_for_the_sinks_own()
    {
        using ManagedSink<TalkingSink> managed = SinkRuntime.Create(() => new TalkingSink());
        var guard = new ReentrancyGuard<string>(managed.Sink, ReentrancyPolicy.Throw);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(p => Task.Run(() =>
        {
            for (int i = 0; i < 1_000; i++)
                guard.Log($"{p}");
        }))).Within();
        await managed.Sink.FlushAsync().AsTask().Within();
        Assert.Equal(4_000, managed.Sink.Ledger.Delivered);
        Assert.Equal(0, guard.Reentered);
    }

    [Fact]
    public async Task Under_Fallback_the_event_goes_elsewhere()
    {
        using ManagedSink<TalkingSink> managed = SinkRuntime.Create(() => new TalkingSink());
        var fallback = new Fallback();
        var guard = new ReentrancyGuard<string>(managed.Sink, ReentrancyPolicy.Fallback, fallback);
        managed.Sink.Dispatching = (item, _) =>
        {
            guard.Log($"about {item}");
            return ValueTask.CompletedTask;
        };
        guard.Log("a");
        await managed.Sink.FlushAsync().AsTask().Within();
        Assert.Equal(["about a"], fallback.Taken);
        Assert.Equal(1, managed.Sink.Ledger.Offered);
    }

    [Fact]
    public async Task Under_Throw_the_backend_gets_the_error_and_the_event_counts_as_rejected()
    {
        using ManagedSink<TalkingSink> managed = SinkRuntime.Create(() => new TalkingSink());
        var guard = new ReentrancyGuard<string>(managed.Sink, ReentrancyPolicy.Throw);
        SinkReentrancyException? thrown = null;
        managed.Sink.Dispatching = (item, _) =>
        {
            thrown = Assert.Throws<SinkReentrancyException>(() => guard.Log("x"));
            return ValueTask.CompletedTask;
        };
        guard.Log("a");
        await managed.Sink.FlushAsync().AsTask().Within();
        Assert.Equal(nameof(TalkingSink), thrown!.SinkName);
        Assert.Equal(1, managed.Sink.Ledger.Rejected);
        Assert.Equal(1, managed.Sink.Ledger.Delivered);
    }

    [Fact]
    public async Task Two_guarded_sinks_do_not_feed_each_other_unless_asked_to_look_at_themselves_only()
    {
        using ManagedSink<TalkingSink> first = SinkRuntime.Create(() => new TalkingSink());
        using ManagedSink<TalkingSink> second = SinkRuntime.Create(() => new TalkingSink());
        var guarded = new ReentrancyGuard<string>(first.Sink);
        var any = new ReentrancyGuard<string>(second.Sink);
        var own = new ReentrancyGuard<string>(second.Sink, scope: ReentrancyScope.ThisSink);
        first.Sink.Dispatching = (item, _) =>
        {
            any.Log("not taken");
            own.Log("taken");
            return ValueTask.CompletedTask;
        };
        guarded.Log("a");
        await first.Sink.FlushAsync().AsTask().Within();
        await second.Sink.FlushAsync().AsTask().Within();
        Assert.Equal(["taken"], second.Sink.Delivered);
        Assert.Equal(1, second.Sink.Ledger.Dropped);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task What_a_dispatch_started_is_the_sinks_doing_until_that_dispatch_is_over(int batch)
    {
        using ManagedSink<TalkingSink> managed = SinkRuntime.Create(() => new TalkingSink(batch));
        var guard = new ReentrancyGuard<string>(managed.Sink);
        var during = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var after = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task background = Task.CompletedTask;
        managed.Sink.Dispatching = async (item, _) =>
        {
            if (item != "first")
                return;
            background = Task.Run(async () =>
            {
                guard.Log("during");
                during.SetResult();
                await after.Task;
                guard.Log("after");
            }, CancellationToken.None);
            await during.Task;
        };
        guard.Log("first");
        await managed.Sink.FlushAsync().AsTask().Within();
        guard.Log("second");
        await managed.Sink.FlushAsync().AsTask().Within();
        after.SetResult();
        await background.Within();
        await managed.Sink.FlushAsync().AsTask().Within();
        Assert.Equal(["first", "second", "after"], managed.Sink.Delivered);
        Assert.Equal(1, guard.Reentered);
    }

    [Fact]
    public async Task A_dispatch_that_completes_at_once_leaves_nothing_marked_behind()
    {
        using ManagedSink<TalkingSink> managed = SinkRuntime.Create(() => new TalkingSink());
        var guard = new ReentrancyGuard<string>(managed.Sink);
        var after = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task background = Task.CompletedTask;
        managed.Sink.Dispatching = (item, _) =>
        {
            if (item == "first")
            {
                background = Task.Run(async () =>
                {
                    await after.Task;
                    guard.Log("after");
                }, CancellationToken.None);
            }

            return ValueTask.CompletedTask;
        };
        guard.Log("first");
        await managed.Sink.FlushAsync().AsTask().Within();
        after.SetResult();
        await background.Within();
        await managed.Sink.FlushAsync().AsTask().Within();
        Assert.Equal(["first", "after"], managed.Sink.Delivered);
    }

    [Fact]
    public async Task A_dispatch_that_throws_ends_its_mark()
    {
        using ManagedSink<TalkingSink> failing = SinkRuntime.Create(() => new TalkingSink());
        using ManagedSink<TalkingSink> other = SinkRuntime.Create(() => new TalkingSink());
        var guard = new ReentrancyGuard<string>(failing.Sink);
        var guardOfOther = new ReentrancyGuard<string>(other.Sink);
        var after = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task background = Task.CompletedTask;
        failing.Sink.Dispatching = (_, _) =>
        {
            background = Task.Run(async () =>
            {
                await after.Task;
                guardOfOther.Log("after");
            }, CancellationToken.None);
            throw new IOException("disk");
        };
        Task<SinkLifecycleEvent> failed = Observed.FirstAsync(failing.Sink.Lifecycle, static change => change.To == SinkState.Failure);
        guard.Log("first");
        await failed;
        after.SetResult();
        await background.Within();
        await other.Sink.FlushAsync().AsTask().Within();
        Assert.Equal(["after"], other.Sink.Delivered);
    }

    [Fact]
    public async Task What_else_runs_on_the_loop_while_a_dispatch_waits_is_not_that_dispatchs_doing()
    {
        using var loop = new SinkLoop();
        TalkingSink sink = await loop.InvokeAsync(static () => new TalkingSink());
        var guard = new ReentrancyGuard<string>(sink);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        sink.Dispatching = async (_, _) =>
        {
            entered.TrySetResult();
            await release.Task;
        };
        guard.Log("a");
        await entered.Task.Within();
        Assert.False(await loop.InvokeAsync(() => guard.IsReentrant).Within());
        release.SetResult();
        await sink.Stop().AsTask().Within();
    }

    [Fact]
    public async Task A_hooks_flow_is_followed_until_the_hook_is_over()
    {
        using var loop = new SinkLoop();
        TalkingSink sink = await loop.InvokeAsync(static () => new TalkingSink());
        var guard = new ReentrancyGuard<string>(sink);
        bool onLoop = false;
        bool onPool = false;
        sink.Starting = async () =>
        {
            onLoop = guard.IsReentrant;
            await Task.Run(() => onPool = guard.IsReentrant);
        };
        await sink.Start().AsTask().Within();
        Assert.True(onLoop);
        Assert.True(onPool);
        Assert.False(await loop.InvokeAsync(() => guard.IsReentrant).Within());
        await sink.Stop().AsTask().Within();
    }

    [Fact]
    public async Task Who_watches_is_told_that_the_guard_dropped_it_and_not_the_limit()
    {
        using ManagedSink<TalkingSink> managed = SinkRuntime.Create(() => new TalkingSink());
        var guard = new ReentrancyGuard<string>(managed.Sink);
        Task<SinkDispatchEvent<string>> dropped = Observed.FirstAsync(managed.Sink.Dispatches, static dispatch => dispatch.Kind == SinkDispatchKind.Dropped);
        managed.Sink.Dispatching = (_, _) =>
        {
            guard.Log("own");
            return ValueTask.CompletedTask;
        };
        guard.Log("a");
        SinkDispatchEvent<string> told = await dropped;
        Assert.Equal("own", told.Item);
        Assert.IsType<SinkReentrancyException>(told.Error!.InnerException);
    }

    [Fact]
    public async Task Without_a_guard_no_flow_is_marked()
    {
        using ManagedSink<TalkingSink> managed = SinkRuntime.Create(() => new TalkingSink());
        bool marked = true;
        managed.Sink.Dispatching = (_, _) =>
        {
            marked = SinkFlow.Work is not null;
            return ValueTask.CompletedTask;
        };
        managed.Sink.Log("a");
        await managed.Sink.FlushAsync().AsTask().Within();
        Assert.False(marked);
    }

    private sealed class TalkingSink(int batch = 1) : AsyncSink<string>(new SinkOptions { MaxBatchSize = batch })
    {
        public Func<ValueTask> Starting { get; set; } = static () => ValueTask.CompletedTask;

        public Func<string, CancellationToken, ValueTask> Dispatching { get; set; } = static (_, _) => ValueTask.CompletedTask;

        public ConcurrentQueue<string> Delivered { get; } = new();

        protected override ValueTask OnStartingAsync(CancellationToken cancellationToken) => Starting();

        protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
        {
            await Dispatching(item, cancellationToken);
            Delivered.Enqueue(item);
        }
    }

    private sealed class Fallback : ISink<string>
    {
        public ConcurrentQueue<string> Taken { get; } = new();

        public void Log(string item) => Taken.Enqueue(item);
    }
}
