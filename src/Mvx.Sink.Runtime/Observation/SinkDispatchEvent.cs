namespace Mvx.Sink.Runtime;

/// <summary>What became of one event offered to a sink (rule O2).</summary>
/// <typeparam name="TEvent">The type of the sink's events.</typeparam>
public sealed record SinkDispatchEvent<TEvent> : IMissable<SinkDispatchEvent<TEvent>>
{
    /// <summary>The sink's name: its options' Namespace, or the name of its class.</summary>
    public required string SinkName { get; init; }

    /// <summary>When, by the sink's TimeProvider.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>What became of it.</summary>
    public required SinkDispatchKind Kind { get; init; }

    /// <summary>The event: the very object that was logged.</summary>
    public required TEvent Item { get; init; }

    /// <summary>Why, where it was not delivered; null where it was, or was dropped at the pending limit.</summary>
    public SinkException? Error { get; init; }

    /// <summary>
    /// How long it waited from its acceptance to the beginning of its dispatch, by the sink's TimeProvider; null where it was not dispatched, or nobody watched when it was
    /// accepted. Exact while no more than 256 events were pending, interpolated between neighbours beyond.
    /// </summary>
    public TimeSpan? QueueingTime { get; init; }

    /// <summary>
    /// How long its dispatch took, by the sink's TimeProvider; in a batch, from the beginning of the batch until this event was finished. Null where it was not
    /// dispatched, or nobody watched when the dispatch began.
    /// </summary>
    public TimeSpan? DispatchDuration { get; init; }

    /// <summary>How many events before this one this observer did not get because it was too slow.</summary>
    public long Missed { get; init; }

    SinkDispatchEvent<TEvent> IMissable<SinkDispatchEvent<TEvent>>.WithMissed(long missed) => this with { Missed = missed };
}
