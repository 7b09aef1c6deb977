/// L13 The dispatcher is cancelled outside a stop, or the loop goes away: Cancelled, with the same clean-up.
module Mvx.Sink.Properties.Rules.L13DispatcherCancelled

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let private unexpected = SinkErrorReason.DispatcherUnexpectedlyCancelled

let cancelled =
    Rule.onInput
        "L13"
        "a cancellation that leaves a dispatch while Running: Cancelled, the rest handed over, the stopped hook as clean-up"
        LifecycleInput.DispatchCancelled
        (fun moment -> Moment.stateBefore moment = SinkState.Running)
        (fun moment ->
            Moment.stateAfter moment = SinkState.Cancelled
            && moment.Step.Reason = unexpected
            && Moment.hasExactly
                [
                    LifecycleEffects.RecordError
                    LifecycleEffects.HandOverUndelivered
                    LifecycleEffects.RunStoppedHook
                ]
                moment)

let loopClosesWhileRunning =
    Rule.onInput
        "L13"
        "a loop that closes while Running: Cancelled at once, the token fired, the dispatcher told to end"
        LifecycleInput.LoopClosing
        (fun moment -> Moment.stateBefore moment = SinkState.Running)
        (fun moment ->
            Moment.stateAfter moment = SinkState.Cancelled
            && moment.Step.Reason = unexpected
            && moment.RemembersNow.DispatcherAtWork
            && Moment.hasExactly
                [
                    LifecycleEffects.RecordError
                    LifecycleEffects.FireToken
                    LifecycleEffects.EndDispatcher
                ]
                moment)

let endsThenCleansUp =
    Rule.about
        "L13"
        "however the dispatcher of a cancelled sink ends, the rest is handed over and the stopped hook runs as clean-up"
        (fun moment ->
            Moment.stateBefore moment = SinkState.Cancelled
            && moment.Remembered.DispatcherAtWork
            && List.contains moment.Command [ dispatchFails; dispatchIsCancelled; dispatcherEnds ])
        (fun moment ->
            let report =
                if moment.Command = dispatchFails then
                    [ LifecycleEffects.ReportInternalError ]
                else
                    []

            moment
            |> Moment.hasExactly (
                [ LifecycleEffects.HandOverUndelivered; LifecycleEffects.RunStoppedHook ]
                @ report
            ))

let loopClosesWhileStarting =
    Rule.onInput
        "L13"
        "a starting hook that returns to a closing loop: Cancelled, no dispatcher, the stopped hook as clean-up, the start still open"
        LifecycleInput.StartingHookSucceeded
        (fun moment -> moment.Remembered.LoopClosed)
        (fun moment ->
            Moment.stateAfter moment = SinkState.Cancelled
            && moment.Step.Reason = unexpected
            && moment.RemembersNow.StartIsOpen
            && Moment.hasExactly
                [
                    LifecycleEffects.RecordError
                    LifecycleEffects.HandOverUndelivered
                    LifecycleEffects.RunStoppedHook
                ]
                moment)

let cleanUpThenAnswer =
    Rule.about
        "L13"
        "the start that a closing loop cut short is answered after the clean-up, which cannot change the result"
        (fun moment ->
            moment.Remembered.Hook = StoppedHook
            && moment.Remembered.StartIsOpen
            && List.contains moment.Command [ stoppedHookSucceeds; stoppedHookFails ])
        (fun moment ->
            let report =
                if moment.Command = stoppedHookFails then
                    [ LifecycleEffects.ReportInternalError ]
                else
                    []

            moment
            |> Moment.hasExactly ([ LifecycleEffects.CompleteStart; LifecycleEffects.ComeToRest ] @ report))

let rules =
    [
        cancelled
        loopClosesWhileRunning
        endsThenCleansUp
        loopClosesWhileStarting
        cleanUpThenAnswer
    ]

[<Fact>]
let ``L13 A cancellation that leaves a dispatch is Cancelled`` () = Rule.holds cancelled

[<Fact>]
let ``L13 A loop that closes while running is Cancelled at once`` () = Rule.holds loopClosesWhileRunning

[<Fact>]
let ``L13 The stopped hook cleans up after a cancelled dispatcher`` () = Rule.holds endsThenCleansUp

[<Fact>]
let ``L13 A starting hook that returns to a closing loop is Cancelled and cleaned up`` () = Rule.holds loopClosesWhileStarting

[<Fact>]
let ``L13 A start cut short by a closing loop is answered after the clean-up`` () = Rule.holds cleanUpThenAnswer

[<Fact>]
let ``L13 A cancelled dispatch fails its event and hands over the rest`` () =
    let sink =
        History.sinkAfter [ start; startingHookSucceeds; offer; offer; dispatchIsCancelled ]

    Expect.equal SinkState.Cancelled sink.Lifecycle.State
    Expect.equal (SinkLedger(2L, 0L, 0L, 0L, 1L, 1L)) sink.Ledger

[<Fact>]
let ``L13 A cancellation that wraps a timeout is a failure`` () =
    Expect.equal LifecycleInput.DispatchCancelled (Lifecycle.OfDispatchFault(isCancellation = true, wrapsTimeout = false))
    Expect.equal LifecycleInput.DispatchFailed (Lifecycle.OfDispatchFault(isCancellation = true, wrapsTimeout = true))
    Expect.equal LifecycleInput.DispatchFailed (Lifecycle.OfDispatchFault(isCancellation = false, wrapsTimeout = false))
    Expect.equal LifecycleInput.DispatchFailed (Lifecycle.OfDispatchFault(isCancellation = false, wrapsTimeout = true))
