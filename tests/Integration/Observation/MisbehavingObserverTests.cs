using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Observation;

[Collection(ProcessWideCollection.Name)]
public sealed class MisbehavingObserverTests : IDisposable
{
    private readonly DiagnosticsCapture _diagnostics = new();

    public void Dispose() => _diagnostics.Dispose();

    [Fact]
    public void O3_A_throwing_observer_is_reported_and_unsubscribed_and_harms_nobody()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(options: new SinkOptions { Namespace = "audit" });
        int calls = 0;
        var throwing = new CollectingObserver<SinkDispatchEvent<string>>
        {
            OnItem = _ => { calls++; throw new InvalidDataException("my own fault"); },
        };
        var good = new CollectingObserver<SinkDispatchEvent<string>>();
        managed.Sink.Dispatches.Subscribe(throwing);
        managed.Sink.Dispatches.Subscribe(good);
        for (int i = 0; i < 10; i++)
            managed.Sink.Log($"{i}");
        Assert.Equal(10, good.WaitFor(10).Length);
        Exception report = _diagnostics.WaitForOne(static error => error is InvalidDataException);
        Assert.Contains("dispatches of sink 'audit'", DiagnosticsCapture.ContextOf(report), StringComparison.Ordinal);
        managed.Terminate();
        good.WaitForCompletion();
        Assert.Equal(1, calls);
        Assert.False(throwing.Completed.IsCompleted);
        Assert.Single(_diagnostics.Errors);
        Assert.Equal(10, managed.Sink.Ledger.Delivered);
    }

    [Fact]
    public void O3_An_observer_that_throws_at_the_replay_does_not_throw_at_its_subscriber()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create();
        IDisposable subscription = managed.Sink.Lifecycle.Subscribe(new CollectingObserver<SinkLifecycleEvent> { OnItem = static _ => throw new InvalidDataException() });
        subscription.Dispose();
        _diagnostics.WaitForOne(static error => error is InvalidDataException);
        managed.Terminate();
        Assert.Equal(SinkState.Stopped, managed.Sink.State);
    }

    [Fact]
    public void O3_An_observer_that_throws_at_the_end_is_reported()
    {
        ManagedSink<ScriptedSink> managed = HostedSink.Create();
        managed.Sink.Lifecycle.Subscribe(new ThrowsAtTheEnd());
        managed.Terminate();
        Assert.Contains("lifecycle of sink 'ScriptedSink'", DiagnosticsCapture.ContextOf(_diagnostics.WaitForOne(static error => error is InvalidDataException)), StringComparison.Ordinal);
    }

    [Fact]
    public void O3_A_blocked_observer_misses_events_and_is_told_how_many_while_the_sink_and_the_others_go_on()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create();
        using var release = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        var blocked = new CollectingObserver<SinkDispatchEvent<string>>
        {
            OnItem = _ => { entered.Set(); release.Wait(); },
        };
        managed.Sink.Dispatches.Subscribe(blocked);
        managed.Sink.Log("first");
        Assert.True(entered.Wait(Patience.Bound));
        long seenByOthers = 0;
        var others = new CollectingObserver<SinkDispatchEvent<string>> { OnItem = e => Interlocked.Add(ref seenByOthers, 1 + e.Missed) };
        managed.Sink.Dispatches.Subscribe(others);
        const int Count = 3000;
        for (int i = 0; i < Count; i++)
        {
            managed.Sink.Log($"{i}");
            if (i % 500 == 499)
                Patience.Finish(managed.Sink.FlushAsync().AsTask(), "The sink delivers on");
        }

        Assert.Equal(Count + 1, managed.Sink.Ledger.Delivered);
        release.Set();

        // The first, a buffer full, and the newest, which tells what is missing before it although nothing comes after it.
        SinkDispatchEvent<string>[] seen = blocked.WaitFor(1 + 1024 + 1);
        Assert.Equal($"{Count - 1}", seen[^1].Item);
        Assert.Equal(Count - 1025, seen[^1].Missed);
        Assert.All(seen[..^1], static e => Assert.Equal(0, e.Missed));
        Assert.Equal(Count + 1, seen.Sum(static e => 1 + e.Missed));
        Assert.Equal(Enumerable.Range(0, 1024).Select(static i => $"{i}"), seen[1..^1].Select(static e => e.Item));
        Patience.Until(() => Volatile.Read(ref seenByOthers) == Count, "The others are told");
        Assert.False(blocked.BrokeTheContract);
    }

    [Fact]
    public void O3_An_observer_that_blocks_at_the_replay_blocks_its_subscriber_only()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create();
        using var release = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        var blocked = new CollectingObserver<SinkLifecycleEvent> { OnItem = _ => { entered.Set(); release.Wait(); } };
        var subscriber = new Thread(() => managed.Sink.Lifecycle.Subscribe(blocked)) { IsBackground = true };
        subscriber.Start();
        Assert.True(entered.Wait(Patience.Bound));
        Patience.Finish(managed.Sink.Stop());
        Patience.Finish(managed.Sink.Start());
        managed.Sink.Log("x");
        managed.Terminate();
        Assert.Empty(blocked.Items);
        release.Set();
        Patience.Ended(subscriber);
        Assert.Equal(
            [SinkState.Running, SinkState.Stopping, SinkState.Stopped, SinkState.Starting, SinkState.Running, SinkState.Stopping, SinkState.Stopped],
            blocked.WaitForCompletion().Select(static e => e.To));
        Assert.False(blocked.BrokeTheContract);
    }

    [Fact]
    public void O3_An_observer_may_unsubscribe_itself_in_the_middle()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create();
        IDisposable? subscription = null;
        CollectingObserver<SinkDispatchEvent<string>>? watch = null;
        watch = new CollectingObserver<SinkDispatchEvent<string>>
        {
            OnItem = e =>
            {
                if (e.Item == "3")
                    subscription!.Dispose();
            },
        };
        var others = new CollectingObserver<SinkDispatchEvent<string>>();
        subscription = managed.Sink.Dispatches.Subscribe(watch);
        managed.Sink.Dispatches.Subscribe(others);
        for (int i = 0; i < 100; i++)
            managed.Sink.Log($"{i}");
        managed.Terminate();
        Assert.Equal(100, others.WaitForCompletion().Length);
        Assert.Equal(["0", "1", "2", "3"], watch.WaitFor(4).Select(static e => e.Item));
        Assert.False(watch.Completed.IsCompleted);
    }

    [Fact]
    public void O3_An_observer_may_log_start_stop_and_terminate()
    {
        ManagedSink<ScriptedSink> managed = HostedSink.Create();
        Exception? thrown = null;
        using var done = new ManualResetEventSlim();
        managed.Sink.Dispatches.Subscribe(new CollectingObserver<SinkDispatchEvent<string>>
        {
            OnItem = e =>
            {
                if (e.Item != "go")
                    return;
                thrown = Record.Exception(() =>
                {
                    managed.Sink.Log("from the observer");
                    Assert.True(managed.Sink.Stop().Wait().Success);
                    Assert.True(managed.Sink.Start().Wait().Success);
                    managed.Terminate();
                });
                done.Set();
            },
        });
        managed.Sink.Log("go");
        Assert.True(done.Wait(Patience.Bound));
        Assert.Null(thrown);
        Assert.Equal(["go", "from the observer"], managed.Sink.Delivered);
    }

    [Fact]
    public void O3_A_clock_that_throws_harms_neither_sink_nor_observer()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(options: new SinkOptions { TimeProvider = new BrokenClock() });
        var watch = new CollectingObserver<SinkDispatchEvent<string>>();
        managed.Sink.Dispatches.Subscribe(watch);
        managed.Sink.Log("x");
        Assert.Equal(DateTimeOffset.UtcNow, watch.WaitFor(1)[0].Timestamp, TimeSpan.FromMinutes(1));
        managed.Terminate();
        Assert.Contains("TimeProvider of sink", DiagnosticsCapture.ContextOf(_diagnostics.WaitForOne(static error => error is NotSupportedException)), StringComparison.Ordinal);
    }

    private sealed class BrokenClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => throw new NotSupportedException("broken");
    }

    private sealed class ThrowsAtTheEnd : IObserver<SinkLifecycleEvent>
    {
        public void OnNext(SinkLifecycleEvent value)
        {
        }

        public void OnCompleted() => throw new InvalidDataException("at the end");

        public void OnError(Exception error)
        {
        }
    }
}
