namespace Mvx.Sink.Model

/// <summary>
/// What the loop is doing for the sink, finer than <see cref="T:Mvx.Sink.Model.SinkState"/>: which hook or dispatcher the
/// model is waiting for. The numbers are fixed: the gate word stores them in four bits.
/// </summary>
type LifecyclePhase =
    /// <summary>Nothing runs; the model waits for a caller.</summary>
    | AtRest = 0
    /// <summary>Starting: the starting hook runs.</summary>
    | StartingHook = 1
    /// <summary>Running: the dispatcher runs.</summary>
    | Dispatching = 2
    /// <summary>Stopping: the dispatcher finishes what was accepted.</summary>
    | Draining = 3
    /// <summary>Stopping: everything is dispatched; the stopped hook runs.</summary>
    | StoppedHook = 4
    /// <summary>Stopping: a dispatch failed during the stop; the stopped hook runs all the same (rule L14).</summary>
    | StoppedHookAfterFailure = 5
    /// <summary>Cancelled: the loop is going away and the event in dispatch has not returned yet.</summary>
    | EndingDispatcher = 6
    /// <summary>Failure or Cancelled: the stopped hook runs as clean-up (rules L12, L13).</summary>
    | CleanUp = 7
    /// <summary>Cancelled while starting: the stopped hook runs as clean-up, then the start is answered.</summary>
    | CleanUpAfterStart = 8
    /// <summary>
    /// Failure or Cancelled: the starting hook failed, or the loop is gone or given up. What is undelivered is being handed over; then open handles are answered.
    /// </summary>
    | HandingOver = 9
    /// <summary>Stopping: the stop's time is up; the dispatcher has been told to end, and has not yet.</summary>
    | DrainingOverBudget = 10
