namespace Mvx.Sink.Model

/// <summary>Everything that can happen to a sink's lifecycle: what callers ask, and what hooks and dispatcher answer.</summary>
type LifecycleInput =
    /// <summary>A caller asks for a start, or the first event of a virgin sink does.</summary>
    | Start = 0
    /// <summary>A caller asks for a stop.</summary>
    | Stop = 1
    /// <summary>The starting hook returned.</summary>
    | StartingHookSucceeded = 2
    /// <summary>The starting hook threw, whatever it threw.</summary>
    | StartingHookFailed = 3
    /// <summary>A dispatch threw; its event is failed and the dispatcher has ended.</summary>
    | DispatchFailed = 4
    /// <summary>A cancellation left a dispatch; its event is failed and the dispatcher has ended.</summary>
    | DispatchCancelled = 5
    /// <summary>Every accepted event is finished and no more can come; the dispatcher has ended.</summary>
    | Drained = 6
    /// <summary>The dispatcher has ended between two events because it was told to.</summary>
    | DispatcherEnded = 7
    /// <summary>The stopped hook returned.</summary>
    | StoppedHookSucceeded = 8
    /// <summary>The stopped hook threw.</summary>
    | StoppedHookFailed = 9
    /// <summary>The sink is to be closed for good, if it is at rest; a sink that is not at rest stays open.</summary>
    | Close = 10
    /// <summary>The event loop is being torn down; it still runs what is in progress.</summary>
    | LoopClosing = 11
    /// <summary>The event loop's thread has ended or is stuck for good: no hook will answer any more.</summary>
    | LoopGone = 12
    /// <summary>What was undelivered has been handed over, whatever came of it.</summary>
    | HandedOver = 13
    /// <summary>The time that a stop may take is spent.</summary>
    | BudgetSpent = 14
    /// <summary>A stop whose time is spent does not end although its hooks' token has fired: nobody waits for it any longer.</summary>
    | GivenUp = 15
