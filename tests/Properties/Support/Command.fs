namespace Mvx.Sink.Properties

open Mvx.Sink.Model

/// Everything that can happen to a whole sink: the inputs of its lifecycle, and the two things that happen to events.
[<RequireQualifiedAccess>]
type Command =
    | Offer
    | DispatchSucceeded
    | Input of LifecycleInput

    override this.ToString() =
        match this with
        | Offer -> "Offer"
        | DispatchSucceeded -> "DispatchSucceeded"
        | Input input -> string input

/// Commands under the names the examples use.
module Command =
    let offer = Command.Offer
    let delivered = Command.DispatchSucceeded
    let start = Command.Input LifecycleInput.Start
    let stop = Command.Input LifecycleInput.Stop
    let startingHookSucceeds = Command.Input LifecycleInput.StartingHookSucceeded
    let startingHookFails = Command.Input LifecycleInput.StartingHookFailed
    let dispatchFails = Command.Input LifecycleInput.DispatchFailed
    let dispatchIsCancelled = Command.Input LifecycleInput.DispatchCancelled
    let drained = Command.Input LifecycleInput.Drained
    let dispatcherEnds = Command.Input LifecycleInput.DispatcherEnded
    let stoppedHookSucceeds = Command.Input LifecycleInput.StoppedHookSucceeded
    let stoppedHookFails = Command.Input LifecycleInput.StoppedHookFailed
    let close = Command.Input LifecycleInput.Close
    let loopIsClosing = Command.Input LifecycleInput.LoopClosing
    let loopIsGone = Command.Input LifecycleInput.LoopGone

    /// What hooks and dispatcher can answer.
    let answers =
        [
            delivered
            startingHookSucceeds
            startingHookFails
            dispatchFails
            dispatchIsCancelled
            drained
            dispatcherEnds
            stoppedHookSucceeds
            stoppedHookFails
        ]

    /// What callers and the loop's owner can do at any time.
    let requests = [ offer; start; stop; close; loopIsClosing; loopIsGone ]

    let all = requests @ answers
