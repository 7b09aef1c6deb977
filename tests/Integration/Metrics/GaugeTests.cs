using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Metrics;

[Collection(ProcessWideCollection.Name)]
public sealed class GaugeTests
{
    private readonly string _name = MeterWatch.NewName();
    private readonly ManualTime _time = new();
    private readonly GatedHook _gate = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void O5_The_peak_of_an_asynchronous_backend_is_exact_whether_anybody_listens_or_not(bool listening)
    {
        MeterWatch? watch = listening ? new MeterWatch(_name) : null;
        using ManagedSink<ScriptedSink> managed = Gated();
        for (int i = 0; i < 600; i++)
            managed.Sink.Log("x");
        _gate.WaitUntilEntered();
        _gate.Open();
        Patience.Finish(managed.Sink.FlushAsync().AsTask(), "The sink delivers");
        watch ??= new MeterWatch(_name);
        IReadOnlyDictionary<string, double> figures = watch.Collect();
        Assert.Equal((0d, 600d), (figures["mvx.sink.events.pending"], figures["mvx.sink.events.pending_peak"]));
        watch.Dispose();
    }

    [Fact]
    public void O5_A_full_queue_has_been_at_its_limit()
    {
        using ManagedSink<ScriptedSink> managed = Gated(limit: 3);
        for (int i = 0; i < 10; i++)
            managed.Sink.TryLog("x");
        using var watch = new MeterWatch(_name);
        Assert.Equal(3, watch.Collect("pending_peak"));
        _gate.Open();
    }

    [Fact]
    public void O5_A_queue_that_was_full_and_is_empty_by_now_has_been_at_its_limit()
    {
        var dispatch = new Checkpoint();
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(
            s => s.Dispatching = (_, _) =>
            {
                dispatch.PassBlocking();
                return ValueTask.CompletedTask;
            },
            new SinkOptions { Namespace = _name, QueueMaxSize = 50 });
        for (int i = 0; i < 200; i++)
            managed.Sink.TryLog("x");
        dispatch.Open();
        Patience.Finish(managed.Sink.FlushAsync().AsTask(), "The sink delivers");
        using var watch = new MeterWatch(_name);
        Assert.Equal(50, watch.Collect("pending_peak"));
    }

    [Fact]
    public void O5_The_age_is_that_of_the_oldest_pending_event()
    {
        using var watch = new MeterWatch(_name);
        using ManagedSink<ScriptedSink> managed = Gated();
        Assert.Equal(0, watch.Collect("pending_age"));
        _time.Advance(TimeSpan.FromSeconds(5));
        managed.Sink.Log("oldest");
        _gate.WaitUntilEntered();
        _time.Advance(TimeSpan.FromSeconds(3));
        managed.Sink.Log("younger");
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(7, watch.Collect("pending_age"));
        _gate.Open();
        Patience.Finish(managed.Sink.FlushAsync().AsTask(), "The sink delivers");
        Assert.Equal(0, watch.Collect("pending_age"));
    }

    [Fact]
    public void O5_An_event_accepted_before_anybody_looked_is_as_old_as_the_first_look_at_least()
    {
        using ManagedSink<ScriptedSink> managed = Gated();
        managed.Sink.Log("early");
        _gate.WaitUntilEntered();
        _time.Advance(TimeSpan.FromSeconds(5));
        using var watch = new MeterWatch(_name);
        Assert.Equal(0, watch.Collect("pending_age"));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2, watch.Collect("pending_age"));
        _gate.Open();
    }

    private ManagedSink<ScriptedSink> Gated(int limit = 1000) => HostedSink.Create(
        s => s.Dispatching = (_, token) => _gate.Obedient(token),
        new SinkOptions { Namespace = _name, TimeProvider = _time, QueueMaxSize = limit });
}
