using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Observation;

public sealed class DispatchTimingTests
{
    private readonly ManualTime _time = new();
    private readonly GatedHook _gate = new();
    private readonly CollectingObserver<SinkDispatchEvent<string>> _watch = new();

    [Fact]
    public void O2_Delivered_tells_how_long_the_event_waited_and_how_long_its_dispatch_took()
    {
        using ManagedSink<ScriptedSink> managed = Gated();
        managed.Sink.Dispatches.Subscribe(_watch);
        managed.Sink.Log("first");
        _gate.WaitUntilEntered();
        _time.Advance(TimeSpan.FromSeconds(1));
        managed.Sink.Log("second");
        _time.Advance(TimeSpan.FromSeconds(3));
        _gate.Open();
        SinkDispatchEvent<string>[] seen = _watch.WaitFor(2);
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromSeconds(4)), (seen[0].QueueingTime, seen[0].DispatchDuration));
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.Zero), (seen[1].QueueingTime, seen[1].DispatchDuration));
    }

    [Fact]
    public void O2_Failed_tells_its_times_and_what_was_not_dispatched_has_none()
    {
        using ManagedSink<ScriptedSink> managed = Gated(new SinkOptions { TimeProvider = _time, QueueMaxSize = 2, OverflowPolicy = QueueOverflowPolicy.Drop });
        managed.Sink.Dispatches.Subscribe(_watch);
        managed.Sink.Log("bad");
        _gate.WaitUntilEntered();
        managed.Sink.Log("rest");
        managed.Sink.Log("too many");
        _time.Advance(TimeSpan.FromSeconds(2));
        _gate.Fail(new IOException("gone"));
        Patience.Until(() => managed.Sink.State == SinkState.Failure, "The sink fails");
        managed.Sink.TryLog("late");
        Dictionary<SinkDispatchKind, SinkDispatchEvent<string>> seen = _watch.WaitFor(4).ToDictionary(static e => e.Kind);
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromSeconds(2)), (seen[SinkDispatchKind.Failed].QueueingTime, seen[SinkDispatchKind.Failed].DispatchDuration));
        foreach (SinkDispatchKind kind in new[] { SinkDispatchKind.Dropped, SinkDispatchKind.Rejected, SinkDispatchKind.Undelivered })
            Assert.Equal((null, null), (seen[kind].QueueingTime, seen[kind].DispatchDuration));
    }

    [Fact]
    public void O2_What_nobody_watched_when_it_happened_is_not_known()
    {
        using ManagedSink<ScriptedSink> managed = Gated();
        managed.Sink.Log("in dispatch");
        _gate.WaitUntilEntered();
        managed.Sink.Log("pending");
        managed.Sink.Dispatches.Subscribe(_watch);
        managed.Sink.Log("watched");
        _time.Advance(TimeSpan.FromSeconds(1));
        _gate.Open();
        SinkDispatchEvent<string>[] seen = _watch.WaitFor(3);
        Assert.Equal((null, null), (seen[0].QueueingTime, seen[0].DispatchDuration));
        Assert.Equal((null, TimeSpan.Zero), (seen[1].QueueingTime, seen[1].DispatchDuration));
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.Zero), (seen[2].QueueingTime, seen[2].DispatchDuration));
    }

    [Fact]
    public void O2_The_events_of_a_batch_are_timed_from_its_beginning_to_their_own_end()
    {
        using ManagedSink<ReportingSink> managed = SinkRuntime.Create(() => new ReportingSink(_time, _gate));
        managed.Sink.Dispatches.Subscribe(_watch);
        managed.Sink.Log("0");
        _gate.WaitUntilEntered();
        for (int i = 1; i <= 3; i++)
            managed.Sink.Log($"{i}");
        _time.Advance(TimeSpan.FromSeconds(5));
        _gate.Open();
        SinkDispatchEvent<string>[] seen = _watch.WaitFor(4);
        Assert.Equal([0d, 7, 7, 7], seen.Select(static e => e.QueueingTime!.Value.TotalSeconds));
        Assert.Equal([7d, 1, 1, 2], seen.Select(static e => e.DispatchDuration!.Value.TotalSeconds)); // the second batch of three reports two after a second
    }

    [Fact]
    public void O2_In_a_deep_queue_every_event_still_has_a_time()
    {
        using ManagedSink<ScriptedSink> managed = Gated(new SinkOptions { TimeProvider = _time });
        managed.Sink.Dispatches.Subscribe(_watch);
        for (int i = 0; i < 900; i++)
        {
            managed.Sink.Log($"{i}");
            _time.Advance(TimeSpan.FromSeconds(1));
            if (i == 0)
                _gate.WaitUntilEntered();
        }

        _gate.Open();
        SinkDispatchEvent<string>[] seen = _watch.WaitFor(900);
        for (int i = 1; i < 900; i++)
            Assert.Equal(900 - i, seen[i].QueueingTime!.Value.TotalSeconds);
    }

    private ManagedSink<ScriptedSink> Gated(SinkOptions? options = null) =>
        HostedSink.Create(s => s.Dispatching = (_, token) => _gate.Obedient(token), options ?? new SinkOptions { TimeProvider = _time });

    /// <summary>Every batch takes two seconds; where it can, it reports two events after the first.</summary>
    private sealed class ReportingSink(ManualTime time, GatedHook gate) : AsyncSink<string>(new SinkOptions { TimeProvider = time, MaxBatchSize = 10 })
    {
        protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        protected override async ValueTask DispatchBatchAsync(ReadOnlyMemory<string> batch, CancellationToken cancellationToken)
        {
            await gate.Obedient(cancellationToken);
            time.Advance(TimeSpan.FromSeconds(1));
            if (batch.Length > 2)
                ReportDelivered(2);
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
