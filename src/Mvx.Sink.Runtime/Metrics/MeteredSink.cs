using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;

namespace Mvx.Sink.Runtime;

/// <summary>
/// One sink as the meter sees it. The sink holds it; the meter holds it weakly, so that no sink lives longer for being counted. Its finalizer leaves the
/// sink's final figures behind.
/// </summary>
internal sealed class MeteredSink
{
    private const string ErrorTag = "error.type";

    private readonly IStampedQueue _queue;
    private readonly LedgerBook _ledger;
    private readonly SinkIdentity _identity;
    private readonly Func<bool> _isWatched;
    private readonly KeyValuePair<string, object?>[] _tags;
    private readonly Lock _lock = new();
    private SinkStopwatch? _clock;

    // Written under the lock, read anywhere.
    private volatile EnqueueStamps? _stamps;

    // Written by whoever sees more pending than anybody before.
    private long _peak;

    private volatile bool _isClosed;
    private volatile bool _isDispatchWatched;

    // Written by the loop, read anywhere: when the dispatch in progress last moved.
    private long _dispatchMoved = SinkStopwatch.Unknown;

    public MeteredSink(SinkIdentity identity, Type type, IStampedQueue queue, LedgerBook ledger, Func<bool> isWatched)
    {
        _identity = identity;
        _queue = queue;
        _ledger = ledger;
        _isWatched = isWatched;
        Series = new SinkSeries(identity.Name, type.ToString());
        _tags = Series.Tags();
    }

    [SuppressMessage("Design", "MA0055", Justification = "Nobody else knows when a sink's figures are final: whoever holds it may still log and be refused, and need not dispose it.")]
    ~MeteredSink() => Home?.Retire(this);

    public SinkSeries Series { get; }

    /// <summary>Where it is counted; null before it is. Written once.</summary>
    public MeteredSinks? Home { get; set; }

    /// <summary>What the meter holds of it. Under the lock of <see cref="Home"/>.</summary>
    public WeakReference<MeteredSink>? Entry { get; set; }

    public SinkLedger Ledger => _ledger.Snapshot();

    /// <summary>Whether the sink is closed for good. It still counts what it refuses.</summary>
    public bool IsClosed => _isClosed;

    public SinkStopwatch Clock => LazyInitializer.EnsureInitialized(ref _clock, () => new SinkStopwatch(_identity));

    public EnqueueStamps? Stamps => _stamps;

    public bool IsStamping => _stamps is not null;

    /// <summary>The most that was pending at once, as far as anybody saw.</summary>
    public long Peak => Volatile.Read(ref _peak);

    /// <summary>Whether somebody has asked for how long a dispatch goes on.</summary>
    public bool IsDispatchWatched => _isDispatchWatched;

    public void Close() => _isClosed = true;

    /// <summary>The dispatch in progress begins, or has finished some of its events. The loop's.</summary>
    public void DispatchMoved(long now) => Volatile.Write(ref _dispatchMoved, now);

    /// <summary>No dispatch is in progress any more. The loop's.</summary>
    public void DispatchEnded() => Volatile.Write(ref _dispatchMoved, SinkStopwatch.Unknown);

    /// <summary>
    /// For how long the dispatch in progress has finished no event; null: there is none, or it began before anybody asked. Who asks has dispatches timed from the
    /// dispatcher's next turn on. Any thread.
    /// </summary>
    public TimeSpan? DispatchAge()
    {
        _isDispatchWatched = true;
        long moved = Volatile.Read(ref _dispatchMoved);
        return moved == SinkStopwatch.Unknown ? null : SinkStopwatch.Between(moved, Clock.Now());
    }

    /// <summary>Looks at how much is pending. Any thread.</summary>
    public void SeePending()
    {
        // In this order the difference is never more than was pending, however long the thread is held up in between.
        long accepted = _queue.Gate.Accepted;
        // Where the oldest makes room, there is one more for a moment.
        Raise(Math.Min(accepted - _queue.Completed, _queue.Limit));
    }

    /// <summary>An event was turned away because as much was pending as may be. Any thread.</summary>
    public void SeeLimit() => Raise(_queue.Limit);

    /// <summary>Has producers stamp their events if anybody wants to know, and else not. Any thread.</summary>
    public void UpdateStamping()
    {
        // The clock may be somebody else's code, so it is not asked under the lock.
        long now = Clock.Now();
        lock (_lock)
        {
            bool wanted = _isWatched() || SinkMeter.StampsEvents;
            if (wanted == IsStamping)
                return;
            EnqueueStamps? stamps = wanted ? new EnqueueStamps(Clock, _queue.Limit) : null;
            _stamps = stamps;
            _queue.SetStamps(stamps);
            // Whoever claims a ticket after this look stamps it.
            stamps?.BeginAt(_queue.Gate.Accepted, now);
        }
    }

    /// <summary>For how long the oldest pending event has been pending, or at least for how long since somebody looked; null: unknown.</summary>
    public TimeSpan? OldestAge()
    {
        if (!IsStamping)
            UpdateStamping();
        long now = Clock.Now();
        long oldest = _queue.Settled;
        if (oldest >= _queue.Gate.Accepted)
            return TimeSpan.Zero;
        return SinkStopwatch.Between(_stamps?.NoLaterThan(oldest, now) ?? SinkStopwatch.Unknown, now);
    }

    /// <summary>Records a time. Infallible: a listener of the meter is user code.</summary>
    public void Record(Histogram<double> histogram, TimeSpan time, Exception? error)
    {
        try
        {
            histogram.Record(time.TotalSeconds, error is null ? _tags : [.. _tags, new(ErrorTag, error.GetType().FullName)]);
        }
        catch (Exception thrown)
        {
            SinkDiagnostics.Report($"meter listener, told of sink '{_identity.Name}'", thrown);
        }
    }

    private void Raise(long pending)
    {
        long peak;
        while (pending > (peak = Volatile.Read(ref _peak)) && Interlocked.CompareExchange(ref _peak, pending, peak) != peak)
        {
        }
    }
}
