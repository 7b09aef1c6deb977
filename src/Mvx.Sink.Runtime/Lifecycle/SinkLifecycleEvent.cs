namespace Mvx.Sink.Runtime;

/// <summary>One transition of a sink, or, for a new subscriber, the state it found (rule O1).</summary>
public sealed record SinkLifecycleEvent : IMissable<SinkLifecycleEvent>
{
    /// <summary>The sink's name: its options' Namespace, or the name of its class.</summary>
    public required string SinkName { get; init; }

    /// <summary>When, by the sink's TimeProvider.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The state before. Equal to <see cref="To"/> in the event that replays the current state.</summary>
    public required SinkState From { get; init; }

    /// <summary>The state after.</summary>
    public required SinkState To { get; init; }

    /// <summary>Whether this event only tells a new subscriber the current state.</summary>
    public bool IsReplay { get; init; }

    /// <summary>The operation that the transition belongs to; null where nobody asked for it.</summary>
    public SinkOperation? Operation { get; init; }

    /// <summary>What went wrong, when the state after is Failure or Cancelled.</summary>
    public SinkException? Error { get; init; }

    /// <summary>What had become of the events at that moment.</summary>
    public required SinkLedger Ledger { get; init; }

    /// <summary>How many events before this one this observer did not get because it was too slow.</summary>
    public long Missed { get; init; }

    SinkLifecycleEvent IMissable<SinkLifecycleEvent>.WithMissed(long missed) => this with { Missed = missed };
}
