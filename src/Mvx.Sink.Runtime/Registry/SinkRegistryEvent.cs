namespace Mvx.Sink.Runtime;

/// <summary>What happened to a sink of a registry, or, for a new subscriber, a sink it found there (rule O6).</summary>
public sealed record SinkRegistryEvent : IMissable<SinkRegistryEvent>
{
    /// <summary>The name under which the registry has the sink. It may have had another sink under it before: see <see cref="Sink"/>.</summary>
    public required string Name { get; init; }

    /// <summary>What happened.</summary>
    public required SinkRegistryEventKind Kind { get; init; }

    /// <summary>The sink.</summary>
    public required ISinkLifecycle Sink { get; init; }

    /// <summary>The sink's state after this event.</summary>
    public required SinkState State { get; init; }

    /// <summary>The sink's own event, where this is a transition; else null.</summary>
    public SinkLifecycleEvent? Change { get; init; }

    /// <summary>Whether this event only tells a new subscriber of a sink that was there.</summary>
    public bool IsReplay { get; init; }

    /// <summary>How many events before this one this observer did not get because it was too slow.</summary>
    public long Missed { get; init; }

    SinkRegistryEvent IMissable<SinkRegistryEvent>.WithMissed(long missed) => this with { Missed = missed };
}
