namespace Mvx.Sink.Runtime;

/// <summary>What became of one event (rule O2).</summary>
public enum SinkDispatchKind
{
    /// <summary>Its dispatch succeeded.</summary>
    Delivered = 0,

    /// <summary>Its dispatch threw.</summary>
    Failed = 1,

    /// <summary>It was dropped: at the pending limit, or by a reentrancy guard, which is then the error's cause.</summary>
    Dropped = 2,

    /// <summary>It was refused with an error.</summary>
    Rejected = 3,

    /// <summary>It was accepted, and the sink ended before its turn.</summary>
    Undelivered = 4,
}
