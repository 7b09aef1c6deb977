using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;

namespace Mvx.Sink.Runtime;

/// <summary>
/// The sinks there are, held weakly, and the sums of those that are gone; so no series' counter ever goes back, and no sink is kept alive. Series without a
/// living sink are kept up to a number; beyond it those that ended first are added up in one without a name.
/// </summary>
internal sealed class MeteredSinks(int largestPast = 1000)
{
    /// <summary>OpenTelemetry's own mark of what was added up because there was too much to tell apart.</summary>
    public const string OverflowTag = "otel.metric.overflow";

    private readonly Lock _lock = new();

    // Under the lock, under which no user code runs.
    private readonly HashSet<WeakReference<MeteredSink>> _sinks = [];
    private readonly Dictionary<SinkSeries, Past> _series = [];
    private readonly LinkedList<SinkSeries> _ended = [];
    private SinkLedger _overflow;

    /// <summary>How many sinks are counted one by one.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _sinks.Count;
        }
    }

    /// <summary>How many series there are, the one without a name left out.</summary>
    public int SeriesCount
    {
        get
        {
            lock (_lock)
                return _series.Count;
        }
    }

    public void Add(MeteredSink sink)
    {
        // It must still be found while its finalizer is to run: until then its figures are nowhere else.
        var entry = new WeakReference<MeteredSink>(sink, trackResurrection: true);
        lock (_lock)
        {
            sink.Entry = entry;
            sink.Home = this;
            _sinks.Add(entry);
            ref Past? past = ref CollectionsMarshal.GetValueRefOrAddDefault(_series, sink.Series, out _);
            past ??= new Past();
            past.Living++;
            if (past.Ended is { } ended)
            {
                _ended.Remove(ended);
                past.Ended = null;
            }
        }
    }

    /// <summary>Takes a sink out whose figures are final, and keeps these. Called by the garbage collector's thread.</summary>
    public void Retire(MeteredSink sink)
    {
        lock (_lock)
        {
            if (sink.Entry is null || !_sinks.Remove(sink.Entry))
                return;
            Past past = _series[sink.Series];
            past.Total = Sum(past.Total, sink.Ledger);
            if (--past.Living > 0)
                return;
            past.Ended = _ended.AddLast(sink.Series);
            if (_ended.Count <= largestPast)
                return;
            SinkSeries oldest = _ended.First!.Value;
            _ended.RemoveFirst();
            _overflow = Sum(_overflow, _series[oldest].Total);
            _series.Remove(oldest);
        }
    }

    /// <summary>A figure that only grows, per series.</summary>
    public IReadOnlyList<Measurement<long>> Total(Func<SinkLedger, long> figure)
    {
        Dictionary<SinkSeries, long> totals;
        List<MeteredSink> living;
        long overflow;
        lock (_lock)
        {
            // In one step, so that each sink is in one of the two.
            totals = _series.ToDictionary(static series => series.Key, series => figure(series.Value.Total));
            living = Living_NeedsLock();
            overflow = figure(_overflow);
        }

        foreach (MeteredSink sink in living)
            totals[sink.Series] += figure(sink.Ledger);
        var measurements = new List<Measurement<long>>(totals.Count + 1);
        foreach ((SinkSeries series, long total) in totals)
            measurements.Add(new Measurement<long>(total, series.Tags()));
        if (overflow > 0)
            measurements.Add(new Measurement<long>(overflow, new KeyValuePair<string, object?>(OverflowTag, true)));
        return measurements;
    }

    /// <summary>A figure of the present, per series; null: a sink does not know it.</summary>
    public IReadOnlyList<Measurement<T>> Present<T>(Func<MeteredSink, T?> figure, Func<T, T, T> combine)
        where T : struct
    {
        List<MeteredSink> living;
        lock (_lock)
            living = Living_NeedsLock();
        var figures = new Dictionary<SinkSeries, T>();
        foreach (MeteredSink sink in living)
        {
            if (!sink.IsClosed && figure(sink) is { } one)
                figures[sink.Series] = figures.TryGetValue(sink.Series, out T others) ? combine(others, one) : one;
        }

        return [.. figures.Select(static series => new Measurement<T>(series.Value, series.Key.Tags()))];
    }

    private List<MeteredSink> Living_NeedsLock()
    {
        var living = new List<MeteredSink>(_sinks.Count);
        foreach (WeakReference<MeteredSink> entry in _sinks)
        {
            if (entry.TryGetTarget(out MeteredSink? sink))
                living.Add(sink);
        }

        return living;
    }

    private static SinkLedger Sum(SinkLedger one, SinkLedger other) => new(
        one.Accepted + other.Accepted,
        one.Dropped + other.Dropped,
        one.Rejected + other.Rejected,
        one.Delivered + other.Delivered,
        one.Failed + other.Failed,
        one.Undelivered + other.Undelivered);

    /// <summary>The sum of the sinks of one series that are gone.</summary>
    private sealed class Past
    {
        public SinkLedger Total { get; set; }

        public int Living { get; set; }

        /// <summary>Its place among the series without a living sink; null: it has one.</summary>
        public LinkedListNode<SinkSeries>? Ended { get; set; }
    }
}
