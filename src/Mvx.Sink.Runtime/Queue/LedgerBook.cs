namespace Mvx.Sink.Runtime;

/// <summary>Counts what became of the events, and reads all counts as one snapshot (rule C1).</summary>
/// <remarks>
/// Accepted is the gate's own count and Finished the consumer's, so that an event that is delivered costs no counter of its own:
/// Delivered is what is finished and neither failed nor undelivered.
/// </remarks>
internal sealed class LedgerBook(IAdmissionGate gate)
{
    private const int ExactAttempts = 64;

    // Written by producers.
    private readonly PerThreadCounter _dropped = new();
    private readonly PerThreadCounter _rejected = new();

    // Written by the consumer, inside an odd version. What was dropped after it had been accepted is counted by the queue.
    private long _failed;
    private long _undelivered;
    private long _version;

    /// <summary>What counts the events that were offered and, by this verdict, not accepted. Any thread.</summary>
    public PerThreadCounter TurnedAway(AdmissionVerdict verdict) => verdict == AdmissionVerdict.Drop ? _dropped : _rejected;

    /// <summary>Finishes one event as failed. Consumer only.</summary>
    public void FinishFailed() => FinishEnded(failed: 1, undelivered: 0);

    /// <summary>Finishes events as undelivered. Consumer only.</summary>
    public void FinishUndelivered(long count) => FinishEnded(failed: 0, undelivered: count);

    private void FinishEnded(long failed, long undelivered)
    {
        QueueProbe.BeforeCount();
        Interlocked.Increment(ref _version);
        Volatile.Write(ref _failed, _failed + failed);
        Volatile.Write(ref _undelivered, _undelivered + undelivered);
        gate.FinishUnarrived(failed + undelivered);
        Interlocked.Increment(ref _version);
    }

    /// <summary>
    /// Reads all counts. It takes the counts twice around one look at the gate and believes them when nothing moved. When events are
    /// finished faster than that can be done, it settles for figures that were each current during the call, between which the two
    /// equations and the limit hold, and which never go back from one call to the next.
    /// </summary>
    public SinkLedger Snapshot()
    {
        if (gate.Head is not { } head)
            return Read();
        lock (head)
            return Read();
    }

    private SinkLedger Read()
    {
        long evicted = gate.Evicted;
        var spin = new SpinWait();
        for (int attempt = 1; ; attempt++)
        {
            long version = Volatile.Read(ref _version);
            long dropped = _dropped.Sum();
            long rejected = _rejected.Sum();
            long failed = Volatile.Read(ref _failed);
            long undelivered = Volatile.Read(ref _undelivered);
            long finished = gate.Completed;
            long accepted = gate.Gate.Accepted;
            long finishedAfter = gate.Completed;
            bool endedMeanwhile = (version & 1) != 0 || Volatile.Read(ref _version) != version;
            bool exact = finished == finishedAfter && dropped == _dropped.Sum() && rejected == _rejected.Sum();
            if (!endedMeanwhile && (exact || attempt >= ExactAttempts))
            {
                finished = Math.Min(finishedAfter, accepted);
                return new SinkLedger(accepted - evicted, dropped + evicted, rejected, finished - evicted - failed - undelivered, failed, undelivered);
            }

            if (endedMeanwhile)
                spin.SpinOnce();
        }
    }
}
