namespace Mvx.Sink.Model

/// <summary>What happens to an event offered while the pending limit is reached (rule A3).</summary>
type QueueOverflowPolicy =
    /// <summary>The event is rejected: <c>Log</c> throws, <c>TryLog</c> tells.</summary>
    | RaiseError = 0
    /// <summary>The event is dropped and counted.</summary>
    | Drop = 1
