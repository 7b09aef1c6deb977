using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Observation;

/// <summary>On what threads observers run, and what one that blocks costs the others.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class ObserverThreadsTests
{
    [Fact]
    public void O3_Forty_observers_that_block_for_ever_hold_up_no_other_and_take_no_thread_of_the_pool()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create();
        using var release = new ManualResetEventSlim();
        int entered = 0, onPool = 0;
        for (int i = 0; i < 40; i++)
        {
            managed.Sink.Dispatches.Subscribe(new CollectingObserver<SinkDispatchEvent<string>>
            {
                OnItem = _ =>
                {
                    if (Thread.CurrentThread.IsThreadPoolThread)
                        Interlocked.Increment(ref onPool);
                    Interlocked.Increment(ref entered);
                    release.Wait();
                },
            });
        }

        var other = new CollectingObserver<SinkDispatchEvent<string>>();
        managed.Sink.Dispatches.Subscribe(other);
        managed.Sink.Log("1");
        Assert.Equal("1", other.WaitFor(1)[0].Item);
        Patience.Until(() => Volatile.Read(ref entered) == 40, "Each of them has a thread");
        Assert.Equal(0, onPool);
        for (int i = 2; i <= 100; i++)
            managed.Sink.Log($"{i}");
        Assert.Equal(Enumerable.Range(1, 100).Select(static i => $"{i}"), other.WaitFor(100).Select(static e => e.Item));
        release.Set();
        managed.Terminate();
        AssertLeave();
    }

    [Fact]
    public void O3_Of_a_thousand_subscribers_one_that_blocks_delays_none()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create();
        using var release = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        managed.Sink.Dispatches.Subscribe(new CollectingObserver<SinkDispatchEvent<string>>
        {
            OnItem = _ => { entered.Set(); release.Wait(); },
        });
        CollectingObserver<SinkDispatchEvent<string>>[] others = [.. Enumerable.Range(0, 999).Select(static _ => new CollectingObserver<SinkDispatchEvent<string>>())];
        Array.ForEach(others, other => managed.Sink.Dispatches.Subscribe(other));
        managed.Sink.Log("1");
        Assert.True(entered.Wait(Patience.Bound));
        managed.Sink.Log("2");
        managed.Sink.Log("3");
        Assert.All(others, static other => Assert.Equal(["1", "2", "3"], other.WaitFor(3).Select(static e => e.Item)));
        Assert.All(others, static other => Assert.False(other.BrokeTheContract));
        release.Set();
        managed.Terminate();
        AssertLeave();
    }

    [Fact]
    public void O3_Subscribers_that_have_nothing_to_be_told_cost_no_thread()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create();
        AssertLeave();
        for (int i = 0; i < 100; i++)
        {
            managed.Sink.Lifecycle.Subscribe(new CollectingObserver<SinkLifecycleEvent>());
            managed.Sink.Dispatches.Subscribe(new CollectingObserver<SinkDispatchEvent<string>>());
        }

        Assert.Equal(0, ObserverThreads.Shared.Count);
        managed.Terminate();
    }

    [Fact]
    public void O3_What_an_observer_leaves_on_its_thread_is_not_the_next_ones()
    {
        var threads = new ObserverThreads(most: 1, parallel: 1, idle: Patience.Bound);
        var local = new AsyncLocal<string>();
        string? left = null;
        SynchronizationContext? context = null;
        using var done = new ManualResetEventSlim();
        threads.Enqueue(new Work(() =>
        {
            local.Value = "mine";
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
        }));
        threads.Enqueue(new Work(() =>
        {
            (left, context) = (local.Value, SynchronizationContext.Current);
            done.Set();
        }));
        Assert.True(done.Wait(Patience.Bound));
        Assert.Null(left);
        Assert.Null(context);
    }

    [Fact]
    public void O3_Work_that_is_short_takes_few_threads_however_much_of_it_there_is()
    {
        var threads = new ObserverThreads(most: 100, parallel: 2, idle: Patience.Bound);
        using var all = new CountdownEvent(1000);
        int inside = 0, most = 0;
        var seen = new Lock();
        for (int i = 0; i < 1000; i++)
        {
            threads.Enqueue(new Work(() =>
            {
                lock (seen)
                    most = Math.Max(most, ++inside);
                Thread.Yield();
                lock (seen)
                    inside--;
                all.Signal();
            }));
        }

        Assert.True(all.Wait(Patience.Bound));
        // Two at once, and one more for each that the machine has held up for a moment.
        Assert.InRange(most, 1, 50);
        Assert.InRange(threads.Count, 1, 50);
    }

    [Fact]
    public void O3_When_every_thread_is_held_that_is_reported_once_and_the_rest_goes_on_when_one_comes_back()
    {
        using var diagnostics = new DiagnosticsCapture();
        var threads = new ObserverThreads(most: 4, parallel: 2, idle: TimeSpan.Zero);
        using var release = new SemaphoreSlim(0);
        using var entered = new CountdownEvent(4);
        using var done = new CountdownEvent(10);
        for (int i = 0; i < 4; i++)
        {
            threads.Enqueue(new Work(() =>
            {
                entered.Signal();
                release.Wait();
            }));
        }

        Assert.True(entered.Wait(Patience.Bound));
        for (int i = 0; i < 10; i++)
            threads.Enqueue(new Work(() => done.Signal()));
        Exception report = diagnostics.WaitForOne(static error => error is TimeoutException);
        Assert.Contains("All 4 threads for observers", report.Message, StringComparison.Ordinal);
        Assert.Equal(10, done.CurrentCount);
        Assert.Equal(4, threads.Count);
        release.Release();
        Assert.True(done.Wait(Patience.Bound));
        release.Release(3);
        Patience.Until(() => threads.Count == 0, "The threads leave");
        Assert.Single(diagnostics.Errors);
    }

    [Fact]
    public void O3_Work_that_is_queued_again_comes_after_what_waits()
    {
        var threads = new ObserverThreads(most: 1, parallel: 1, idle: TimeSpan.Zero);
        var order = new List<string>();
        using var begin = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        threads.Enqueue(new Work(begin.Wait));
        threads.Enqueue(new Work(() => order.Add("long")) { Turns = 2 });
        threads.Enqueue(new Work(() => order.Add("short")));
        threads.Enqueue(new Work(() => { }) { Turns = 3, Last = done.Set });
        begin.Set();
        Assert.True(done.Wait(Patience.Bound));
        Assert.Equal(["long", "short", "long"], order);
    }

    private static void AssertLeave() => Patience.Until(static () => ObserverThreads.Shared.Count == 0, "The threads for observers leave");

    private sealed class Work(Action action) : ObserverWork
    {
        public int Turns { get; set; } = 1;

        public Action? Last { get; init; }

        public override bool RunTurn()
        {
            action();
            if (--Turns > 0)
                return true;
            Last?.Invoke();
            return false;
        }
    }
}
