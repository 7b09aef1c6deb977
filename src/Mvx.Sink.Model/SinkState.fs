namespace Mvx.Sink.Model

/// <summary>Where a sink is in its life. The numbers are fixed: the gate word stores them in three bits.</summary>
type SinkState =
    /// <summary>Created; no hook has run. The first accepted event starts the sink.</summary>
    | Virgin = 0
    /// <summary>The starting hook is running. Events are accepted and wait.</summary>
    | Starting = 1
    /// <summary>Events are accepted and dispatched.</summary>
    | Running = 2
    /// <summary>No more events are accepted; the accepted ones are being dispatched, then the stopped hook runs.</summary>
    | Stopping = 3
    /// <summary>Stopped normally. It can be started again.</summary>
    | Stopped = 4
    /// <summary>A hook or a dispatch failed. Terminal.</summary>
    | Failure = 5
    /// <summary>The dispatcher was cancelled outside a stop. Terminal.</summary>
    | Cancelled = 6
