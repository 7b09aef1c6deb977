namespace Mvx.Sink.Model

open System

/// <summary>
/// What the shell must carry out after a step, in the order of the bits. An effect that starts something
/// (a hook, the dispatcher) is answered later by an input.
/// </summary>
[<Flags>]
type LifecycleEffects =
    /// <summary>Nothing to do.</summary>
    | None = 0
    /// <summary>Make <c>LastError</c> an error with the step's reason around what was thrown.</summary>
    | RecordError = 1
    /// <summary>Make <c>LastError</c> null.</summary>
    | ClearError = 2
    /// <summary>Run the starting hook. Answer: StartingHookSucceeded or StartingHookFailed.</summary>
    | RunStartingHook = 4
    /// <summary>Begin dispatching. Answer: Drained, DispatchFailed, DispatchCancelled or DispatcherEnded.</summary>
    | LaunchDispatcher = 8
    /// <summary>Tell the dispatcher that no more events will come.</summary>
    | Drain = 16
    /// <summary>Fire the hooks' cancellation token.</summary>
    | FireToken = 32
    /// <summary>Tell the dispatcher to end after the event it is at.</summary>
    | EndDispatcher = 64
    /// <summary>Take the dispatcher from a loop that will not come back to it: what the backend answers later is ignored.</summary>
    | AbandonDispatcher = 128
    /// <summary>Report what was thrown to the internal-error hook: there is no caller to tell.</summary>
    | ReportInternalError = 256
    /// <summary>Count what is still pending as undelivered and hand it over (rule C2), then go on. Answer, where nothing else follows: HandedOver.</summary>
    | HandOverUndelivered = 512
    /// <summary>Run the stopped hook. Answer: StoppedHookSucceeded or StoppedHookFailed.</summary>
    | RunStoppedHook = 1024
    /// <summary>
    /// Complete the start's handle: with success when the step leads to Running, else with the last error. The step's state counts,
    /// not the sink's at that moment: a stop may have begun since.
    /// </summary>
    | CompleteStart = 2048
    /// <summary>
    /// Complete the stop's handle: with success when the step leads to Stopped, else with the last error. The step's state counts,
    /// not the sink's at that moment: a start may have begun since.
    /// </summary>
    | CompleteStop = 4096
    /// <summary>Tell those who wait for the sink to be at rest.</summary>
    | ComeToRest = 8192
