using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Registry;

public sealed class RegistryLifecycleTests : IDisposable
{
    private readonly SinkRegistry _registry = new();
    private readonly CollectingObserver<SinkRegistryEvent> _watch = new();

    public void Dispose() => _registry.Dispose();

    [Fact]
    public void O6_Every_sink_that_comes_each_of_its_transitions_and_its_end_are_told()
    {
        using IDisposable subscription = _registry.Lifecycle.Subscribe(_watch);
        Assert.Empty(_watch.Items);
        DescribedSink sink = Configure("app");
        Patience.Finish(sink.Stop());
        Patience.Finish(sink.Start());
        _registry.Close("app");
        SinkRegistryEvent[] seen = _watch.WaitFor(8);
        Assert.Equal(
            [
                (SinkRegistryEventKind.Created, SinkState.Running),
                (SinkRegistryEventKind.Transition, SinkState.Stopping),
                (SinkRegistryEventKind.Transition, SinkState.Stopped),
                (SinkRegistryEventKind.Transition, SinkState.Starting),
                (SinkRegistryEventKind.Transition, SinkState.Running),
                (SinkRegistryEventKind.Transition, SinkState.Stopping),
                (SinkRegistryEventKind.Transition, SinkState.Stopped),
                (SinkRegistryEventKind.Closed, SinkState.Stopped),
            ],
            seen.Select(static e => (e.Kind, e.State)));
        Assert.All(seen, e => Assert.Equal(("app", (ISinkLifecycle)sink, false, 0L), (e.Name, e.Sink, e.IsReplay, e.Missed)));
        Assert.All(seen, static e => Assert.Equal(e.Kind == SinkRegistryEventKind.Transition, e.Change is not null));
        Assert.All(seen[2..7].Zip(seen[1..6]), static pair => Assert.Equal(pair.Second.Change!.To, pair.First.Change!.From));
        Assert.Equal(Enumerable.Range(0, 3), Enum.GetValues<SinkRegistryEventKind>().Select(static kind => (int)kind));
    }

    [Fact]
    public void O6_A_new_subscriber_is_told_the_sinks_there_are_before_Subscribe_returns()
    {
        Configure("a");
        DescribedSink b = Configure("b");
        Patience.Finish(b.Stop());
        Configure("c");
        _registry.Close("c");
        _registry.Lifecycle.Subscribe(_watch);
        Assert.Equal(
            [("a", SinkRegistryEventKind.Created, SinkState.Running, true), ("b", SinkRegistryEventKind.Created, SinkState.Stopped, true)],
            _watch.Items.Select(static e => (e.Name, e.Kind, e.State, e.IsReplay)));
        Patience.Finish(b.Start());
        var late = new CollectingObserver<SinkRegistryEvent>();
        Assert.Equal(["b", "b"], _watch.WaitFor(4)[2..].Select(static e => e.Name));
        _registry.Lifecycle.Subscribe(late);
        Assert.Equal([SinkState.Running, SinkState.Running], late.Items.Select(static e => e.State));
    }

    [Fact]
    public void O6_It_completes_when_the_registry_is_disposed_for_those_there_and_those_who_come()
    {
        _registry.Lifecycle.Subscribe(_watch);
        Configure("a");
        Configure("b");
        _registry.Dispose();
        SinkRegistryEvent[] seen = _watch.WaitForCompletion();
        Assert.Equal(["a", "b"], seen.Where(static e => e.Kind == SinkRegistryEventKind.Closed).Select(static e => e.Name).Order());
        var late = new CollectingObserver<SinkRegistryEvent>();
        _registry.Lifecycle.Subscribe(late);
        Assert.Empty(late.WaitForCompletion());
        Assert.False(_watch.BrokeTheContract || late.BrokeTheContract);
    }

    [Fact]
    public void O6_An_unwatched_registry_completes_too()
    {
        Configure("a");
        _registry.Dispose();
        _registry.Lifecycle.Subscribe(_watch);
        Assert.Empty(_watch.WaitForCompletion());
    }

    [Fact]
    public void O6_A_failure_is_told_with_its_error()
    {
        _registry.Lifecycle.Subscribe(_watch);
        DescribedSink sink = _registry.Configure<DescribedSink, DescribedConfig>("app", new DescribedConfig("x") { Dispatching = static (_, _) => throw new IOException("gone") });
        sink.Log("x");
        SinkRegistryEvent last = _watch.WaitFor(2)[1];
        Assert.Equal((SinkRegistryEventKind.Transition, SinkState.Failure), (last.Kind, last.State));
        Assert.Same(sink.LastError, last.Change!.Error);
    }

    [Fact]
    public void O6_A_creation_that_fails_is_not_told()
    {
        _registry.Lifecycle.Subscribe(_watch);
        Assert.Throws<SinkCreationException>(() => _registry.Configure<DescribedSink, DescribedConfig>("app", new DescribedConfig("x") { Starting = static _ => throw new IOException("no") }));
        _registry.Dispose();
        Assert.Empty(_watch.WaitForCompletion());
    }

    [Fact]
    public void O6_The_next_sink_of_a_name_is_another_sink()
    {
        _registry.Lifecycle.Subscribe(_watch);
        DescribedSink first = Configure("app");
        _registry.Close("app");
        DescribedSink second = Configure("app");
        _registry.Dispose();
        SinkRegistryEvent[] seen = _watch.WaitForCompletion();
        foreach (DescribedSink sink in new[] { first, second })
        {
            Assert.Equal(
                [SinkRegistryEventKind.Created, SinkRegistryEventKind.Transition, SinkRegistryEventKind.Transition, SinkRegistryEventKind.Closed],
                seen.Where(e => ReferenceEquals(e.Sink, sink)).Select(static e => e.Kind));
        }
    }

    [Fact]
    public void O6_A_lifecycle_that_is_not_ours_is_told_in_the_same_way()
    {
        var before = new CollectingObserver<SinkRegistryEvent>();
        _registry.Lifecycle.Subscribe(before);
        ForeignLifecycle sink = _registry.Configure<ForeignLifecycle, ForeignLifecycle>("foreign", new ForeignLifecycle());
        _registry.Lifecycle.Subscribe(_watch);
        Patience.Finish(sink.Stop());
        _registry.Close("foreign");
        _registry.Dispose();
        SinkRegistryEventKind[] kinds = [SinkRegistryEventKind.Created, SinkRegistryEventKind.Transition, SinkRegistryEventKind.Transition, SinkRegistryEventKind.Closed];
        Assert.Equal(kinds, before.WaitForCompletion().Select(static e => e.Kind));
        Assert.Equal(kinds, _watch.WaitForCompletion().Select(static e => e.Kind));
        Assert.Equal([false, true], new[] { before.Items[0].IsReplay, _watch.Items[0].IsReplay });
        Assert.Equal(SinkState.Stopped, _watch.Items[^1].State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void O6_A_lifecycle_that_tells_nothing_or_throws_is_told_as_it_is_found(bool throws)
    {
        _registry.Lifecycle.Subscribe(_watch);
        _registry.Configure("mute", new SinkDescriptor("mute", [], []), () => SinkRuntime.Create(() => new MuteLifecycle { Throws = throws }.OnThisLoop()));
        _registry.Dispose();
        SinkRegistryEvent[] seen = _watch.WaitForCompletion();
        Assert.Equal([(SinkRegistryEventKind.Created, SinkState.Running), (SinkRegistryEventKind.Closed, SinkState.Running)], seen.Select(static e => (e.Kind, e.State)));
    }

    [Fact]
    public void O6_The_end_of_a_lifecycle_that_is_never_told_is_not_waited_for_for_ever()
    {
        var time = new ManualTime();
        var feed = new RegistryFeed(time);
        feed.Subscribe(_watch);
        using var loop = new SinkLoop();
        ScriptedSink inner = HostedSink.On(loop);
        var lying = new LyingLifecycle(inner);
        SinkFollower follower = feed.Add("app", lying);
        feed.Follow(follower);
        Patience.Finish(inner.Start());
        feed.Close(follower);
        feed.Dispose();
        Assert.Equal([SinkRegistryEventKind.Created], _watch.WaitFor(1).Select(static e => e.Kind));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(
            [(SinkRegistryEventKind.Created, SinkState.Virgin), (SinkRegistryEventKind.Closed, SinkState.Virgin)],
            _watch.WaitForCompletion().Select(static e => (e.Kind, e.State)));
        Assert.Equal(0, time.ActiveTimers);
    }

    [Fact]
    public void O6_Every_subscriber_sees_an_unbroken_chain_of_each_sink_while_sinks_come_and_go()
    {
        var observers = new List<CollectingObserver<SinkRegistryEvent>>();
        Patience.Together(4, i =>
        {
            for (int n = 0; n < 15; n++)
            {
                if (i == 0)
                {
                    var observer = new CollectingObserver<SinkRegistryEvent>();
                    _registry.Lifecycle.Subscribe(observer);
                    observers.Add(observer);
                }

                DescribedSink sink = Configure($"s{i}");
                sink.Stop().Wait();
                _registry.Close($"s{i}");
            }
        });
        _registry.Dispose();
        foreach (CollectingObserver<SinkRegistryEvent> observer in observers)
        {
            foreach (IGrouping<ISinkLifecycle, SinkRegistryEvent> sink in observer.WaitForCompletion().GroupBy(static e => e.Sink))
            {
                SinkRegistryEvent[] seen = [.. sink];
                Assert.Equal((SinkRegistryEventKind.Created, SinkRegistryEventKind.Closed), (seen[0].Kind, seen[^1].Kind));
                for (int n = 1; n < seen.Length - 1; n++)
                    Assert.Equal((SinkRegistryEventKind.Transition, seen[n - 1].State), (seen[n].Kind, seen[n].Change!.From));
                Assert.Equal(SinkState.Stopped, seen[^1].State);
            }

            Assert.False(observer.BrokeTheContract);
        }
    }

    [Fact]
    public void O6_A_thousand_subscribers_are_all_told_everything_and_the_end()
    {
        Configure("a");
        CollectingObserver<SinkRegistryEvent>[] all = [.. Enumerable.Range(0, 1000).Select(static _ => new CollectingObserver<SinkRegistryEvent>())];
        Array.ForEach(all, observer => _registry.Lifecycle.Subscribe(observer));
        _registry.Dispose();
        Assert.All(all, static observer => Assert.Equal(
            [SinkState.Running, SinkState.Stopping, SinkState.Stopped, SinkState.Stopped], observer.WaitForCompletion().Select(static e => e.State)));
    }

    [Fact]
    public void O6_An_observer_that_blocks_holds_up_neither_the_registry_nor_the_others_and_is_told_what_it_missed()
    {
        using var release = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        var blocked = new CollectingObserver<SinkRegistryEvent> { OnItem = _ => { entered.Set(); release.Wait(); } };
        DescribedSink sink = Configure("other");
        Task subscribing = Task.Factory.StartNew(() => _registry.Lifecycle.Subscribe(blocked), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(entered.Wait(Patience.Bound));
        _registry.Lifecycle.Subscribe(_watch);
        for (int n = 0; n < 300; n++)
        {
            Patience.Finish(sink.Stop());
            Patience.Finish(sink.Start());
            int told = 1 + (n + 1) * 4;
            Patience.Until(() => _watch.Items.Length == told, "The other observer is told");
        }

        release.Set();
        Patience.Finish(subscribing, "Subscribe returns");
        blocked.WaitFor(1 + 1024);
        _registry.Close("other");
        Patience.Until(() => blocked.Items[^1].Kind == SinkRegistryEventKind.Closed, "The blocked observer is told the end");
        Assert.Equal(1 + 1200 + 3, blocked.Items.Sum(static e => 1 + e.Missed));
        Assert.Equal(175, blocked.Items.Sum(static e => e.Missed));
    }

    [Fact]
    public void O6_An_observer_may_unsubscribe_itself_and_use_the_registry()
    {
        IDisposable? subscription = null;
        using var done = new ManualResetEventSlim();
        var self = new CollectingObserver<SinkRegistryEvent>
        {
            OnItem = _ =>
            {
                subscription!.Dispose();
                Configure("from-the-observer");
                _registry.Close("app");
                done.Set();
            },
        };
        subscription = _registry.Lifecycle.Subscribe(self);
        _registry.Lifecycle.Subscribe(_watch);
        Configure("app");
        Assert.True(done.Wait(Patience.Bound));
        _registry.Dispose();
        Assert.Single(self.Items);
        Assert.Equal(8, _watch.WaitForCompletion().Length);
    }

    [Fact]
    public void O6_System_Reactive_composes_it()
    {
        using var scheduler = new EventLoopScheduler(static start => new Thread(start) { IsBackground = true, Name = "mine" });
        using var second = new SinkRegistry();
        var buffers = new CollectingObserver<IList<SinkRegistryEvent>>();
        var threads = new CollectingObserver<string?>();
        var settled = new CollectingObserver<SinkRegistryEvent>();
        var merged = new CollectingObserver<SinkRegistryEvent>();
        _registry.Lifecycle.Buffer(3).Subscribe(buffers);
        _registry.Lifecycle.ObserveOn(scheduler).Select(static _ => Thread.CurrentThread.Name).Subscribe(threads);
        _registry.Lifecycle.Throttle(TimeSpan.FromMilliseconds(200)).Subscribe(settled);
        _registry.Lifecycle.Merge(second.Lifecycle).Where(static e => e.Kind == SinkRegistryEventKind.Closed).Subscribe(merged);
        for (int n = 0; n < 5; n++)
        {
            Configure($"a{n}");
            second.Configure<DescribedSink, DescribedConfig>($"b{n}", new DescribedConfig("x"));
        }

        _registry.Dispose();
        second.Dispose();
        Assert.Equal([3, 3, 3, 3, 3, 3, 2], buffers.WaitForCompletion().Select(static b => b.Count));
        Assert.Equal(20, threads.WaitForCompletion().Length);
        Assert.All(threads.Items, static name => Assert.Equal("mine", name));
        Assert.Equal(SinkRegistryEventKind.Closed, settled.WaitForCompletion()[^1].Kind);
        Assert.Equal(10, merged.WaitForCompletion().Length);
    }

    [Fact]
    public void O6_A_sink_that_cannot_be_closed_on_its_own_loop_is_told_until_it_is()
    {
        SinkCloseException? thrown = null;
        _registry.Lifecycle.Subscribe(_watch);
        DescribedSink sink = _registry.Configure<DescribedSink, DescribedConfig>("app", new DescribedConfig("x")
        {
            Dispatching = (_, _) =>
            {
                thrown = Assert.Throws<SinkCloseException>(_registry.Dispose);
                return ValueTask.CompletedTask;
            },
        });
        sink.Log("x");
        Patience.Finish(sink.FlushAsync().AsTask(), "The event is dispatched");
        Assert.NotNull(thrown);
        Assert.False(_watch.Completed.IsCompleted);
        _registry.Close("app");
        Assert.Equal(SinkRegistryEventKind.Closed, _watch.WaitForCompletion()[^1].Kind);
    }

    private DescribedSink Configure(string name) => _registry.Configure<DescribedSink, DescribedConfig>(name, new DescribedConfig("x"));

    /// <summary>Changes its state and does not tell.</summary>
    private sealed class LyingLifecycle(ScriptedSink inner) : ISinkLifecycle
    {
        public SinkState State => inner.State;

        public SinkException? LastError => inner.LastError;

        public SinkLedger Ledger => inner.Ledger;

        public IObservable<SinkLifecycleEvent> Lifecycle => Observable.Never<SinkLifecycleEvent>();

        public SinkWaitHandle Start() => inner.Start();

        public SinkWaitHandle Stop() => inner.Stop();
    }

    /// <summary>A lifecycle that breaks the contract of its interface: always running, and silent.</summary>
    private sealed class MuteLifecycle : ISinkLifecycle
    {
        private readonly Lazy<ScriptedSink> _inner = new(static () => new ScriptedSink());

        public bool Throws { get; init; }

        public SinkState State => SinkState.Running;

        public SinkException? LastError => null;

        public SinkLedger Ledger => default;

        public IObservable<SinkLifecycleEvent> Lifecycle => Throws ? throw new NotSupportedException("no lifecycle") : Observable.Never<SinkLifecycleEvent>();

        public MuteLifecycle OnThisLoop()
        {
            _ = _inner.Value;
            return this;
        }

        public SinkWaitHandle Start() => _inner.Value.Start();

        public SinkWaitHandle Stop() => _inner.Value.Stop();
    }
}
