namespace Mvx.Sink.Model

/// <summary>Why a sink refused or failed. Each has a stable text code, see <see cref="T:Mvx.Sink.Model.SinkErrorReasons"/>.</summary>
type SinkErrorReason =
    /// <summary>There is no event loop to bind to, or the sink's event loop has ended.</summary>
    | EventLoopUnavailable = 1
    /// <summary>The operation is not valid in the sink's current state.</summary>
    | InvalidLogSinkState = 2
    /// <summary>The starting hook failed.</summary>
    | OnStartingHookFailed = 3
    /// <summary>The stopped hook failed.</summary>
    | OnStoppedHookFailed = 4
    /// <summary>The pending limit is reached.</summary>
    | QueueOverflow = 5
    /// <summary>The dispatcher was cancelled outside a stop.</summary>
    | DispatcherUnexpectedlyCancelled = 6
    /// <summary>Anything else, for instance an exception that left a dispatch.</summary>
    | UnexpectedError = 7

/// <summary>The stable text codes of the error reasons, for logs and for other languages.</summary>
[<AbstractClass; Sealed>]
type SinkErrorReasons =

    /// <summary>The text code of a reason, for instance <c>INVALID_LOG_SINK_STATE</c>.</summary>
    /// <param name="reason">The reason; a number outside the enum gives <c>NONE</c>.</param>
    /// <returns>The code, upper-case with underscores. It never changes between versions.</returns>
    static member Code(reason: SinkErrorReason) : string =
        match reason with
        | SinkErrorReason.EventLoopUnavailable -> "EVENT_LOOP_UNAVAILABLE"
        | SinkErrorReason.InvalidLogSinkState -> "INVALID_LOG_SINK_STATE"
        | SinkErrorReason.OnStartingHookFailed -> "ON_STARTING_HOOK_FAILED"
        | SinkErrorReason.OnStoppedHookFailed -> "ON_STOPPED_HOOK_FAILED"
        | SinkErrorReason.QueueOverflow -> "QUEUE_OVERFLOW"
        | SinkErrorReason.DispatcherUnexpectedlyCancelled -> "DISPATCHER_UNEXPECTEDLY_CANCELLED"
        | SinkErrorReason.UnexpectedError -> "UNEXPECTED_ERROR"
        | _ -> "NONE"
