namespace Mvx.Sink.Runtime;

/// <summary>The gate word and the count of finished events: all that the lifecycle and the ledger need to know, whatever the events are.</summary>
internal interface IAdmissionGate
{
    /// <summary>The gate now. Any thread.</summary>
    Gate Gate { get; }

    /// <summary>How many accepted events are finished. Any thread.</summary>
    long Completed { get; }

    /// <summary>How many accepted events were dropped before their turn; they count as finished. Any thread.</summary>
    long Evicted { get; }

    /// <summary>All events before this ticket are finished. Any thread.</summary>
    long Settled { get; }

    /// <summary>Held while an accepted event is dropped; null where that cannot happen.</summary>
    Lock? Head { get; }

    /// <summary>Swaps the gate. Any thread. False when it is no longer <paramref name="expected"/>.</summary>
    bool TrySwap(Gate expected, Gate next);

    /// <summary>Counts events as finished that did not arrive. Consumer only. Nobody is told of room: a sink whose events do not arrive accepts no more.</summary>
    void FinishUnarrived(long count);
}
