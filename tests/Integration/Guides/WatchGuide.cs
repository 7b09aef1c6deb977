using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Guides;

/// <summary>docs/guide/watch-a-sink.md: its snippets run, and what it says of them holds.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class WatchGuide
{
    private readonly BlockingCollection<string> _told = [];

    [Fact]
    public void Transitions_are_told_with_the_state_that_was_found_first()
    {
        ManagedSink<ScriptedSink> managed = HostedSink.Create(options: new SinkOptions { Namespace = "audit" });
        ScriptedSink sink = managed.Sink;

        // <follow>
        using IDisposable following = sink.Lifecycle.Subscribe(change => Tell(change.IsReplay
            ? $"{change.SinkName} is {change.To}"
            : $"{change.SinkName}: {change.From} -> {change.To}"));
        // </follow>

        Assert.Equal("audit is Running", Next()); // before Subscribe returned
        managed.Terminate();
        Assert.Equal(["audit: Running -> Stopping", "audit: Stopping -> Stopped"], [Next(), Next()]);
    }

    [Fact]
    public async Task An_end_that_nobody_asked_for_is_told()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(static sink => sink.Dispatching = static (_, _) => throw new IOException("disk full"));
        ScriptedSink sink = managed.Sink;

        // <unasked>
        using IDisposable alarms = sink.Lifecycle
            .Where(change => change.Error is not null)
            .Subscribe(change => Tell($"{change.SinkName} ended in {change.To}: {change.Error!.Message} Pending then: {change.Ledger.Pending}"));
        // </unasked>

        Task<SinkLifecycleEvent> ended = EndOf(sink);
        sink.Log("a");
        Assert.Contains("ended in Failure", Next(), StringComparison.Ordinal);
        Assert.Null((await ended.Within()).Operation);
        Assert.True((await EndOf(sink).Within()).IsReplay); // whoever comes late is told too

        static async Task<SinkLifecycleEvent> EndOf(ScriptedSink sink)
        {
            // <until>
            SinkLifecycleEvent end = await sink.Lifecycle.FirstAsync(change =>
                change.To is SinkState.Stopped or SinkState.Failure or SinkState.Cancelled);
            // </until>
            return end;
        }
    }

    [Fact]
    public void The_lifecycles_of_sinks_of_any_type_merge()
    {
        ManagedSink<ScriptedSink> mail = HostedSink.Create(options: new SinkOptions { Namespace = "mail" });
        ManagedSink<MemorySink> orders = SinkRuntime.Create(static () => new MemorySink(new MemorySinkConfig { Key = "watch-guide" }));

        // <merge>
        ISinkLifecycle[] sinks = [mail.Sink, orders.Sink];
        using IDisposable following = sinks.Select(sink => sink.Lifecycle).Merge()
            .Where(change => !change.IsReplay)
            .Subscribe(change => Tell($"{change.SinkName}: {change.To}"));
        // </merge>

        mail.Terminate();
        Assert.Equal(["mail: Stopping", "mail: Stopped"], [Next(), Next()]);
        orders.Terminate();
        Assert.EndsWith(": Stopping", Next(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_is_told_once_it_has_settled()
    {
        ManagedSink<ScriptedSink> managed = HostedSink.Create();
        ScriptedSink sink = managed.Sink;

        // <throttle>
        using IDisposable settled = sink.Lifecycle
            .Throttle(TimeSpan.FromSeconds(5))
            .Subscribe(change => Tell($"settled in {change.To}"));
        // </throttle>

        await sink.Stop();
        await sink.Start();
        managed.Terminate(); // the end of the lifecycle lets the last transition through at once
        string told;
        do
            told = Next();
        while (told != "settled in Stopped");
    }

    [Fact]
    public void A_listener_reads_the_meter()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(options: new SinkOptions { Namespace = "metered by the guide" });
        managed.Sink.Log("1");
        Patience.Finish(managed.Sink.FlushAsync().AsTask(), "the flush");

        // <meter>
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == SinkDiagnostics.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            foreach ((string key, object? sink) in tags)
            {
                if (key == "mvx.sink.name")
                    Tell($"{sink}: {instrument.Name} = {value} {instrument.Unit}");
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        // </meter>

        string told;
        do
            told = Next();
        while (told != "metered by the guide: mvx.sink.events.delivered = 1 {event}");
    }

    [Fact]
    public void A_registry_tells_of_all_its_sinks()
    {
        using var registry = new SinkRegistry();

        // <registry>
        using IDisposable following = registry.Lifecycle
            .Subscribe(change => Tell($"{change.Name}: {change.Kind}, {change.State}"));
        // </registry>

        registry.Configure<MemorySink, MemorySinkConfig>("audit", new MemorySinkConfig { Key = "watch-guide-registry" });
        Assert.Equal("audit: Created, Running", Next());
        registry.Close("audit");
        Assert.Equal("audit: Transition, Stopping", Next());
        Assert.Equal("audit: Transition, Stopped", Next());
        Assert.Equal("audit: Closed, Stopped", Next());
    }

    [Fact]
    public void Dispatches_tell_what_becomes_of_each_event()
    {
        var dispatch = new Checkpoint();
        ManagedSink<ScriptedSink> managed = HostedSink.Create(
            sink => sink.Dispatching = async (_, token) => await dispatch.PassAsync(token),
            new SinkOptions { QueueMaxSize = 2, OverflowPolicy = QueueOverflowPolicy.Drop });
        ScriptedSink sink = managed.Sink;

        // <buffer>
        using IDisposable figures = sink.Dispatches
            .Buffer(TimeSpan.FromSeconds(10))
            .Where(batch => batch.Count > 0)
            .Subscribe(batch =>
            {
                int delivered = batch.Count(dispatch => dispatch.Kind == SinkDispatchKind.Delivered);
                Tell($"{delivered} delivered, {batch.Count - delivered} lost, {batch.Sum(dispatch => dispatch.Missed)} not seen");
            });
        // </buffer>

        for (int i = 0; i < 5; i++)
            sink.Log($"{i}");
        dispatch.Open();
        managed.Terminate(); // the end of the feed closes the last buffer
        int[] sums = [0, 0, 0];
        do
        {
            string[] words = Next().Split(' ');
            sums = [sums[0] + int.Parse(words[0]), sums[1] + int.Parse(words[2]), sums[2] + int.Parse(words[4])];
        }
        while (sums.Sum() < 5);
        Assert.Equal([2, 3, 0], sums);
    }

    [Fact]
    public void An_observer_may_have_a_thread_of_its_own()
    {
        ManagedSink<ScriptedSink> managed = HostedSink.Create();
        ScriptedSink sink = managed.Sink;
        using var scheduler = new EventLoopScheduler(static start => new Thread(start) { IsBackground = true, Name = "mine" });

        // <observe-on>
        using IDisposable shown = sink.Dispatches
            .ObserveOn(scheduler) // or a SynchronizationContext
            .Subscribe(dispatch => Tell($"{dispatch.Item} on {Thread.CurrentThread.Name}"));
        // </observe-on>

        sink.Log("a");
        Assert.Equal("a on mine", Next());
        managed.Terminate();
    }

    [Fact]
    public void A_slow_observer_on_a_thread_of_its_own_misses_nothing()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create();
        using var scheduler = new EventLoopScheduler();
        using var release = new ManualResetEventSlim();
        int queued = 0;
        int seen = 0;
        using IDisposable watching = managed.Sink.Dispatches
            .Do(dispatch => Interlocked.Add(ref queued, 1 + (int)dispatch.Missed))
            .ObserveOn(scheduler)
            .Subscribe(_ =>
            {
                release.Wait();
                Interlocked.Increment(ref seen);
            });
        for (int i = 1; i <= 3_000; i++)
        {
            managed.Sink.Log($"{i}");
            if (i % 500 == 0)
                Bounded.Until(() => Volatile.Read(ref queued) == i, "the events are in the observer's own queue");
        }

        release.Set();
        Bounded.Until(() => Volatile.Read(ref seen) == 3_000, "all are seen");
    }

    [Fact]
    public void A_slow_observer_is_told_how_many_it_missed()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(options: new SinkOptions { QueueMaxSize = 5_000 });
        ScriptedSink sink = managed.Sink;
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        void Slow()
        {
            entered.Set();
            release.Wait();
        }

        // <missed>
        long seen = 0;
        long missed = 0;
        using IDisposable counting = sink.Dispatches.Subscribe(dispatch =>
        {
            missed += dispatch.Missed;
            Volatile.Write(ref seen, seen + 1);
            Slow();
        });
        // </missed>

        sink.Log("first");
        Assert.True(entered.Wait(Bounded.Time));
        for (int i = 0; i < 2_000; i++)
            sink.Log($"{i}");
        Assert.True(sink.FlushAsync().Result().AllDelivered); // the sink did not wait
        release.Set();
        Bounded.Until(() => Volatile.Read(ref seen) == 1 + 1_024 + 1, "what was kept, and the newest, are seen");
        Assert.Equal(2_000 - 1_025, missed);
    }

    [Fact]
    public void The_ledger_can_be_polled()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create();
        ScriptedSink sink = managed.Sink;
        TimeSpan period = TimeSpan.FromMilliseconds(1);

        // <poll>
        using IDisposable polling = Observable.Interval(period)
            .Select(_ => sink.Ledger)
            .DistinctUntilChanged()
            .Subscribe(ledger => Tell($"{ledger.Pending} pending, {ledger.Delivered} delivered"));
        // </poll>

        sink.Log("a");
        string told;
        do
            told = Next();
        while (told != "0 pending, 1 delivered");
    }

    [Fact]
    public void Errors_without_a_caller_go_to_one_place()
    {
        Action<Exception>? before = SinkDiagnostics.InternalError;
        try
        {
            // <diagnostics>
            SinkDiagnostics.InternalError = error =>
                Tell($"{error.Data[SinkDiagnostics.ContextKey]}: {error.GetType().Name}: {error.Message}");
            // </diagnostics>

            using ManagedSink<ScriptedSink> managed = HostedSink.Create(options: new SinkOptions { Namespace = "audit" });
            using IDisposable broken = managed.Sink.Dispatches.Subscribe(static _ => throw new InvalidDataException("my own fault"));
            managed.Sink.Log("a");
            Assert.Equal("observer of dispatches of sink 'audit' (unsubscribed): InvalidDataException: my own fault", Next());
        }
        finally
        {
            SinkDiagnostics.InternalError = before;
        }
    }

    [Fact]
    public void A_guard_does_not_recognise_an_observer()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create();
        var guard = new ReentrancyGuard<string>(managed.Sink);
        using IDisposable watching = managed.Sink.Dispatches.Subscribe(_ => Tell($"{guard.IsReentrant}"));
        guard.Log("a");
        Assert.Equal("False", Next());
    }

    private void Tell(string text) => _told.Add(text);

    private string Next()
    {
        Assert.True(_told.TryTake(out string? text, Bounded.Time), "Nothing more was told.");
        return text;
    }
}
