namespace Mvx.Sink.Runtime;

/// <summary>What became of the events that had been accepted, over the sink's life, before <c>FlushAsync</c> was called (rule C3).</summary>
/// <param name="Delivered">How many were delivered.</param>
/// <param name="Failed">How many failed.</param>
/// <param name="Undelivered">How many were handed over because the sink ended before their turn.</param>
public readonly record struct FlushReport(long Delivered, long Failed, long Undelivered)
{
    /// <summary>How many were dropped, after they had been accepted, to make room for newer ones (DropOldest).</summary>
    public long Dropped { get; init; }

    /// <summary>Whether every one of them was delivered.</summary>
    public bool AllDelivered => Failed == 0 && Undelivered == 0 && Dropped == 0;

    /// <summary>
    /// The report on the first <paramref name="accepted"/> events, of which so many were dropped before their turn. The others end in order, so those that were
    /// not delivered come last.
    /// </summary>
    internal static FlushReport Of(long accepted, long evicted, SinkLedger ledger)
    {
        long kept = accepted - evicted;
        if (ledger.Failed == 0 && ledger.Undelivered == 0)
            return new FlushReport(kept, 0, 0) { Dropped = evicted };
        long delivered = Math.Min(kept, ledger.Delivered);
        long failed = Math.Min(kept - delivered, ledger.Failed);
        return new FlushReport(delivered, failed, kept - delivered - failed) { Dropped = evicted };
    }
}
