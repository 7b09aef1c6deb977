using System.Diagnostics.Metrics;

namespace Mvx.Sink.Runtime;

/// <summary>The meter <see cref="SinkDiagnostics.MeterName"/> and its instruments (rule O5). While nobody listens, none of them costs anything per event.</summary>
internal static class SinkMeter
{
    /// <summary>The sinks of the process.</summary>
    public static readonly MeteredSinks Sinks = new();

    private static readonly Meter _meter = new(SinkDiagnostics.MeterName, typeof(SinkMeter).Assembly.GetName().Version?.ToString(3));

    /// <summary>How long a dispatch took, from the call to its completion; a batch is one dispatch.</summary>
    public static readonly Histogram<double> DispatchDuration = Times(
        "mvx.sink.dispatch.duration",
        "Duration of a dispatch, a batch being one.",
        [0.00001, 0.0001, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]);

    /// <summary>How long an event waited from its acceptance to the begin of its dispatch.</summary>
    public static readonly Histogram<double> TimeInQueue = Times(
        "mvx.sink.events.time_in_queue",
        "Time from the acceptance of an event to the beginning of its dispatch.",
        [0.0001, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 600]);

    private static readonly Instrument[] _totals =
    [
        Total("offered", static ledger => ledger.Offered, "Events that callers offered to a sink."),
        Total("accepted", static ledger => ledger.Accepted, "Events accepted for delivery."),
        Total("dropped", static ledger => ledger.Dropped, "Events dropped at the pending limit, or by a reentrancy guard."),
        Total("rejected", static ledger => ledger.Rejected, "Events refused with an error."),
        Total("delivered", static ledger => ledger.Delivered, "Events whose dispatch succeeded."),
        Total("failed", static ledger => ledger.Failed, "Events whose dispatch threw."),
        Total("undelivered", static ledger => ledger.Undelivered, "Accepted events whose sink ended before their turn."),
    ];

    private static readonly ObservableUpDownCounter<long> _pending = Create(static meter => meter.CreateObservableUpDownCounter(
        "mvx.sink.events.pending",
        static () => Sinks.Present(static sink => (long?)sink.Ledger.Pending, static (one, other) => one + other),
        "{event}",
        "Events accepted and not finished."));

    private static readonly ObservableGauge<long> _pendingPeak = Create(static meter => meter.CreateObservableGauge(
        "mvx.sink.events.pending_peak",
        static () => Sinks.Present(
            static sink =>
            {
                sink.SeePending();
                return (long?)sink.Peak;
            },
            Math.Max),
        "{event}",
        "The most events that were pending at once, over the sink's life."));

    private static readonly ObservableGauge<double> _pendingAge = Create(static meter => meter.CreateObservableGauge(
        "mvx.sink.events.pending_age",
        static () => Sinks.Present(static sink => sink.OldestAge()?.TotalSeconds, Math.Max),
        "s",
        "For how long the oldest pending event has been pending."));

    /// <summary>Whether a listener wants what only a timed dispatch can tell.</summary>
    public static bool TimesDispatches => DispatchDuration.Enabled || TimeInQueue.Enabled || _pendingPeak.Enabled;

    /// <summary>Whether a listener wants what only the time of an event's acceptance can tell.</summary>
    public static bool StampsEvents => TimeInQueue.Enabled || _pendingAge.Enabled;

    private static Histogram<double> Times(string name, string description, double[] buckets) => Create(meter =>
        meter.CreateHistogram(name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets }));

    private static ObservableCounter<long> Total(string what, Func<SinkLedger, long> figure, string description) => Create(meter =>
        meter.CreateObservableCounter($"mvx.sink.events.{what}", () => Sinks.Total(figure), "{event}", description));

    /// <summary>Creates an instrument, which publishes it to listeners, which are user code: one that throws must not keep sinks from being constructed.</summary>
    private static TInstrument Create<TInstrument>(Func<Meter, TInstrument> create)
        where TInstrument : Instrument
    {
        try
        {
            return create(_meter);
        }
        catch (Exception error)
        {
            SinkDiagnostics.Report("meter listener, told of an instrument", error);
            var nowhere = new Meter(SinkDiagnostics.MeterName);
            nowhere.Dispose(); // what is created of a disposed meter is published to nobody
            return create(nowhere);
        }
    }
}
