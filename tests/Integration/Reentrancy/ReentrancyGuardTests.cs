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

    [Fact]
    public async Task Without_a_guard_no_flow_is_marked()
    {
        using ManagedSink<TalkingSink> managed = SinkRuntime.Create(() => new TalkingSink());
        bool marked = true;
        managed.Sink.Dispatching = (_, _) =>
        {
            marked = SinkFlow.Loop is not null;
            return ValueTask.CompletedTask;
        };
        managed.Sink.Log("a");
        await managed.Sink.FlushAsync().AsTask().Within();
        Assert.False(marked);
    }

    private sealed class TalkingSink : AsyncSink<string>
    {
        public Func<string, CancellationToken, ValueTask> Dispatching { get; set; } = static (_, _) => ValueTask.CompletedTask;

        public ConcurrentQueue<string> Delivered { get; } = new();

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
