using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Observation;

public sealed class LifecycleFeedTests
{
    [Fact]
    public void O1_A_subscriber_is_told_the_current_state_at_once_then_every_transition_in_order()
    {
        using var loop = new SinkLoop();
        ScriptedSink sink = HostedSink.On(loop, new SinkOptions { Namespace = "audit" });
        var watch = new CollectingObserver<SinkLifecycleEvent>();
        using IDisposable subscription = sink.Lifecycle.Subscribe(watch);
        SinkLifecycleEvent replay = Assert.Single(watch.Items);
        Assert.True(replay.IsReplay);
        Assert.Equal((SinkState.Virgin, SinkState.Virgin, null), (replay.From, replay.To, replay.Operation));

        Patience.Finish(sink.Start());
        sink.Log("x");
        Patience.Finish(sink.Stop());
        Patience.Finish(sink.Start());
        Patience.Finish(sink.Stop());
        SinkLifecycleEvent[] seen = watch.WaitFor(9);
        Assert.Equal(
            [
                (SinkState.Virgin, SinkState.Virgin, null),
                (SinkState.Virgin, SinkState.Starting, SinkOperation.Start),
                (SinkState.Starting, SinkState.Running, SinkOperation.Start),
                (SinkState.Running, SinkState.Stopping, SinkOperation.Stop),
                (SinkState.Stopping, SinkState.Stopped, SinkOperation.Stop),
                (SinkState.Stopped, SinkState.Starting, SinkOperation.Start),
                (SinkState.Starting, SinkState.Running, SinkOperation.Start),
                (SinkState.Running, SinkState.Stopping, SinkOperation.Stop),
                (SinkState.Stopping, SinkState.Stopped, (SinkOperation?)SinkOperation.Stop),
            ],
            seen.Select(static e => (e.From, e.To, e.Operation)));
        Assert.All(seen[1..], static e => Assert.False(e.IsReplay));
        Assert.All(seen, static e => Assert.Equal(("audit", 0L, null), (e.SinkName, e.Missed, e.Error)));
        Assert.Equal(1, seen[4].Ledger.Delivered);
        Assert.False(watch.BrokeTheContract);
    }

    [Fact]
    public void O1_The_transition_of_a_lazy_start_is_told()
    {
        using var loop = new SinkLoop();
        ScriptedSink sink = HostedSink.On(loop);
        var watch = new CollectingObserver<SinkLifecycleEvent>();
        sink.Lifecycle.Subscribe(watch);
        sink.Log("x");
        SinkLifecycleEvent[] seen = watch.WaitFor(3);
        Assert.Equal((SinkState.Virgin, SinkState.Starting, SinkOperation.Start), (seen[1].From, seen[1].To, seen[1].Operation!.Value));
        Assert.Equal(SinkState.Running, seen[2].To);
    }

    [Fact]
    public void O1_A_late_subscriber_is_told_the_state_it_finds()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create();
        var watch = new CollectingObserver<SinkLifecycleEvent>();
        managed.Sink.Lifecycle.Subscribe(watch);
        Assert.Equal((SinkState.Running, true), (Assert.Single(watch.Items).To, watch.Items[0].IsReplay));
    }

    [Fact]
    public void O1_A_failure_is_told_with_its_error_and_its_ledger()
    {
        using var loop = new SinkLoop();
        ScriptedSink sink = HostedSink.On(loop, script: s => s.Dispatching = (_, _) => throw new IOException("gone"));
        var watch = new CollectingObserver<SinkLifecycleEvent>();
        sink.Lifecycle.Subscribe(watch);
        sink.Log("x");
        SinkLifecycleEvent last = watch.WaitFor(4)[3];
        Assert.Equal((SinkState.Running, SinkState.Failure, null), (last.From, last.To, last.Operation));
        Assert.Same(sink.LastError, last.Error);
        Assert.Equal(1, last.Ledger.Failed);
        var late = new CollectingObserver<SinkLifecycleEvent>();
        sink.Lifecycle.Subscribe(late);
        Assert.Same(sink.LastError, Assert.Single(late.Items).Error);
    }

    [Fact]
    public void O1_A_start_that_fails_is_told_as_part_of_the_start()
    {
        using var loop = new SinkLoop();
        ScriptedSink sink = HostedSink.On(loop, script: s => s.Starting = _ => throw new IOException("no disk"));
        var watch = new CollectingObserver<SinkLifecycleEvent>();
        sink.Lifecycle.Subscribe(watch);
        Patience.Finish(sink.Start());
        SinkLifecycleEvent last = watch.WaitFor(3)[2];
        Assert.Equal((SinkState.Starting, SinkState.Failure, SinkOperation.Start), (last.From, last.To, last.Operation!.Value));
        Assert.IsType<OnStartingHookFailedException>(last.Error);
    }

    [Fact]
    public void O1_Every_subscriber_sees_an_unbroken_chain_while_threads_start_and_stop()
    {
        using var loop = new SinkLoop();
        ScriptedSink sink = HostedSink.On(loop);
        var observers = new List<CollectingObserver<SinkLifecycleEvent>>();
        Patience.Together(6, i =>
        {
            for (int n = 0; n < 40; n++)
            {
                if (i < 2)
                    sink.Start().Wait();
                else if (i < 4)
                    sink.Stop().Wait();
                else
                    Subscribe();
            }

            void Subscribe()
            {
                var observer = new CollectingObserver<SinkLifecycleEvent>();
                sink.Lifecycle.Subscribe(observer);
                lock (observers)
                    observers.Add(observer);
            }
        });
        Patience.Finish(sink.DisposeAsync().AsTask(), "The sink is disposed");
        SinkState end = sink.State;
        foreach (CollectingObserver<SinkLifecycleEvent> observer in observers)
        {
            SinkLifecycleEvent[] seen = observer.WaitForCompletion();
            Assert.True(seen[0].IsReplay);
            for (int n = 1; n < seen.Length; n++)
            {
                Assert.False(seen[n].IsReplay);
                Assert.Equal(0, seen[n].Missed);
                Assert.Equal(seen[n - 1].To, seen[n].From);
                Assert.NotEqual(seen[n].From, seen[n].To);
            }

            Assert.Equal(end, seen[^1].To);
            Assert.False(observer.BrokeTheContract);
        }
    }

    [Fact]
    public void O1_A_thousand_subscribers_are_all_told_everything_and_the_end()
    {
        ManagedSink<ScriptedSink> managed = HostedSink.Create();
        CollectingObserver<SinkLifecycleEvent>[] all = [.. Enumerable.Range(0, 1000).Select(static _ => new CollectingObserver<SinkLifecycleEvent>())];
        Array.ForEach(all, observer => managed.Sink.Lifecycle.Subscribe(observer));
        Patience.Finish(managed.Sink.Stop());
        Patience.Finish(managed.Sink.Start());
        managed.Terminate();
        Assert.All(all, static observer => Assert.Equal(
            [SinkState.Running, SinkState.Stopping, SinkState.Stopped, SinkState.Starting, SinkState.Running, SinkState.Stopping, SinkState.Stopped],
            observer.WaitForCompletion().Select(static e => e.To)));
    }

    [Fact]
    public void O1_After_termination_the_observable_completes_for_those_there_and_those_who_come()
    {
        ManagedSink<ScriptedSink> managed = HostedSink.Create();
        var early = new CollectingObserver<SinkLifecycleEvent>();
        managed.Sink.Lifecycle.Subscribe(early);
        managed.Terminate();
        Assert.Equal(SinkState.Stopped, early.WaitForCompletion()[^1].To);
        var late = new CollectingObserver<SinkLifecycleEvent>();
        managed.Sink.Lifecycle.Subscribe(late);
        Assert.Equal(SinkState.Stopped, Assert.Single(late.WaitForCompletion()).To);
        Assert.False(early.BrokeTheContract || late.BrokeTheContract);
    }

    [Fact]
    public void O1_A_stop_that_can_be_undone_does_not_complete_the_observable()
    {
        using var loop = new SinkLoop();
        ScriptedSink sink = HostedSink.On(loop);
        var watch = new CollectingObserver<SinkLifecycleEvent>();
        sink.Lifecycle.Subscribe(watch);
        Patience.Finish(sink.Start());
        Patience.Finish(sink.Stop());
        watch.WaitFor(5);
        Assert.False(watch.Completed.IsCompleted);
        Patience.Finish(sink.Start());
        watch.WaitFor(7);
    }

    [Fact]
    public void O1_Events_are_stamped_by_the_sinks_clock()
    {
        using var loop = new SinkLoop();
        var clock = new FixedClock(new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.Zero));
        ScriptedSink sink = HostedSink.On(loop, new SinkOptions { TimeProvider = clock });
        var states = new CollectingObserver<SinkLifecycleEvent>();
        var events = new CollectingObserver<SinkDispatchEvent<string>>();
        sink.Lifecycle.Subscribe(states);
        sink.Dispatches.Subscribe(events);
        sink.Log("x");
        Assert.All(states.WaitFor(3), e => Assert.Equal(clock.Now, e.Timestamp));
        Assert.All(events.WaitFor(1), e => Assert.Equal(clock.Now, e.Timestamp));
    }

    [Fact]
    public void O1_A_missing_observer_names_the_argument()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create();
        Assert.Equal("observer", Assert.Throws<ArgumentNullException>(() => managed.Sink.Lifecycle.Subscribe(null!)).ParamName);
        Assert.Equal("observer", Assert.Throws<ArgumentNullException>(() => managed.Sink.Dispatches.Subscribe(null!)).ParamName);
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now => now;

        public override DateTimeOffset GetUtcNow() => now;
    }
}
