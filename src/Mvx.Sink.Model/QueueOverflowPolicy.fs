namespace Mvx.Sink.Model

/// <summary>What happens to an event offered while the pending limit is reached (rule A3).</summary>
type QueueOverflowPolicy =
    /// <summary>The event is rejected: <c>Log</c> throws, <c>TryLog</c> tells.</summary>
    | RaiseError = 0
    /// <summary>The event is dropped and counted.</summary>
    | Drop = 1
    /// <summary>The oldest event that waits for its dispatch is dropped and counted, and the new one is accepted. When none waits, because all are in dispatch, the new one is dropped.</summary>
    | DropOldest = 2
    /// <summary>The caller waits for room, for a time; then the event is rejected. On the sink's own loop it is rejected at once.</summary>
    | Wait = 3
