using System.Diagnostics.Metrics;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Metrics;

[Collection(ProcessWideCollection.Name)]
public sealed class CounterTests
{
    private readonly string _name = MeterWatch.NewName();

    [Fact]
    public void O5_The_instruments_have_the_names_and_units_of_the_specification()
    {
        var found = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name != "Mvx.Sink")
                    return;
                string kind = instrument.GetType().Name;
                found.Add($"| `{instrument.Name}` | {kind[..kind.IndexOf('`', StringComparison.Ordinal)]} | `{instrument.Unit}` |");
                Assert.False(string.IsNullOrWhiteSpace(instrument.Description));
            },
        };
        using ManagedSink<ScriptedSink> managed = HostedSink.Create();
        listener.Start();
        string specification = Repository.Read("docs/spec.md");
        Assert.Equal(12, found.Count);
        Assert.All(found, row => Assert.Contains(row, specification, StringComparison.Ordinal));
    }

    [Fact]
    public void O5_The_counters_tell_what_the_ledger_tells()
    {
        var gate = new GatedHook();
        using var watch = new MeterWatch(_name);
        using var loop = new SinkLoop();
        ScriptedSink sink = HostedSink.On(loop, new SinkOptions { Namespace = _name, QueueMaxSize = 3, OverflowPolicy = QueueOverflowPolicy.Drop }, s =>
            s.Dispatching = (item, token) => item == "bad" ? gate.Obedient(token) : ValueTask.CompletedTask);
        sink.Log("good");
        Patience.Finish(sink.FlushAsync().AsTask(), "The first is delivered");
        sink.Log("bad");
        gate.WaitUntilEntered();
        sink.Log("rest");
        sink.Log("rest");
        sink.Log("too many");
        Assert.Equal(3, watch.Collect("pending"));
        gate.Fail(new IOException("gone"));
        Patience.Until(() => sink.State == SinkState.Failure && sink.Ledger.Pending == 0, "The sink fails");
        sink.TryLog("late");

        IReadOnlyDictionary<string, double> figures = watch.Collect();
        SinkLedger ledger = sink.Ledger;
        Assert.Equal(
            [ledger.Offered, ledger.Accepted, ledger.Dropped, ledger.Rejected, ledger.Delivered, ledger.Failed, ledger.Undelivered, ledger.Pending],
            new[] { "offered", "accepted", "dropped", "rejected", "delivered", "failed", "undelivered", "pending" }.Select(what => (long)figures[$"mvx.sink.events.{what}"]));
        Assert.Equal([6L, 4, 1, 1, 1, 1, 2], [ledger.Offered, ledger.Accepted, ledger.Dropped, ledger.Rejected, ledger.Delivered, ledger.Failed, ledger.Undelivered]);
    }

    [Fact]
    public void O5_Sinks_of_one_name_and_type_are_one_series()
    {
        using var watch = new MeterWatch(_name);
        using ManagedSink<ScriptedSink> one = HostedSink.Create(options: new SinkOptions { Namespace = _name });
        using ManagedSink<ScriptedSink> other = HostedSink.Create(options: new SinkOptions { Namespace = _name });
        one.Sink.Log("x");
        other.Sink.Log("x");
        other.Sink.Log("x");
        Assert.Equal(3, watch.Collect("accepted"));
    }

    [Fact]
    public void O5_A_closed_sink_leaves_the_gauges_and_its_counters_still_count_what_it_refuses()
    {
        using var watch = new MeterWatch(_name);
        ManagedSink<ScriptedSink> managed = HostedSink.Create(options: new SinkOptions { Namespace = _name });
        managed.Sink.Log("x");
        managed.Terminate();
        Assert.Equal(LogOutcome.InvalidState, managed.Sink.TryLog("late"));
        IReadOnlyDictionary<string, double> figures = watch.Collect();
        Assert.Equal((2d, 1d, 1d), (figures["mvx.sink.events.offered"], figures["mvx.sink.events.delivered"], figures["mvx.sink.events.rejected"]));
        Assert.Equal(
            ["mvx.sink.events.accepted", "mvx.sink.events.delivered", "mvx.sink.events.dropped", "mvx.sink.events.failed", "mvx.sink.events.offered", "mvx.sink.events.rejected", "mvx.sink.events.undelivered"],
            figures.Keys.Order(StringComparer.Ordinal));
        GC.KeepAlive(managed);
    }

    [Fact]
    public void O5_No_counter_goes_back_while_sinks_of_the_name_come_and_go()
    {
        using var watch = new MeterWatch(_name, static instrument => instrument.IsObservable);
        using var done = new CancellationTokenSource();
        var coming = new Thread(() =>
        {
            for (int n = 0; n < 20; n++)
            {
                using ManagedSink<ScriptedSink> managed = HostedSink.Create(options: new SinkOptions { Namespace = _name });
                for (int i = 0; i < 50; i++)
                    managed.Sink.Log("x");
            }

            done.Cancel();
        })
        { IsBackground = true };
        coming.Start();
        IReadOnlyDictionary<string, double> before = new Dictionary<string, double>();
        for (bool last = false; !last;)
        {
            last = done.IsCancellationRequested;
            GC.Collect(); // so that sinks leave
            IReadOnlyDictionary<string, double> now = watch.Collect();
            Assert.All(before.Where(static figure => !figure.Key.Contains("pending", StringComparison.Ordinal)), figure => Assert.True(now[figure.Key] >= figure.Value, figure.Key));
            before = now;
        }

        Patience.Ended(coming);
        Assert.Equal((1000d, 1000d), (before["mvx.sink.events.accepted"], before["mvx.sink.events.delivered"]));
    }
}
