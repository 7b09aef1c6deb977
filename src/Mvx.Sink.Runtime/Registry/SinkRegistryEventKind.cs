namespace Mvx.Sink.Runtime;

/// <summary>What happened to a sink of a registry (rule O6).</summary>
public enum SinkRegistryEventKind
{
    /// <summary>It was created under its name; or, for a new subscriber, it was there.</summary>
    Created = 0,

    /// <summary>Its state changed.</summary>
    Transition = 1,

    /// <summary>It was closed, and its name is free again. The last event of this sink.</summary>
    Closed = 2,
}
