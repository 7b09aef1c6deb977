/// L5 The starting hook throws: Failure, no dispatcher, no stopped hook; what was buffered is undelivered.
module Mvx.Sink.Properties.Rules.L05StartingHookFails

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let fails =
    Rule.onInput
        "L5"
        "a starting hook that throws is the end: Failure, OnStartingHookFailed, the buffered events being handed over, the start still open"
        LifecycleInput.StartingHookFailed
        (fun _ -> true)
        (fun moment ->
            Moment.stateAfter moment = SinkState.Failure
            && moment.Step.Reason = SinkErrorReason.OnStartingHookFailed
            && moment.RemembersNow.HandingOver
            && moment.RemembersNow.StartIsOpen
            && moment.After.Ledger.Undelivered = moment.Before.Ledger.Undelivered + moment.Before.Ledger.Pending
            && Moment.hasExactly [ LifecycleEffects.RecordError; LifecycleEffects.HandOverUndelivered ] moment)

let thenAnswers =
    Rule.onInput
        "L5"
        "a start whose hook threw is completed when its events have been handed over, and the sink is at rest"
        LifecycleInput.HandedOver
        (fun moment -> moment.Remembered.StartIsOpen)
        (fun moment ->
            Moment.stateAfter moment = Moment.stateBefore moment
            && moment.Step.Has LifecycleEffects.CompleteStart
            && Memory.isAtRest moment.RemembersNow
            && moment.After.Ledger = moment.Before.Ledger)

let rules = [ fails; thenAnswers ]

[<Fact>]
let ``L5 A starting hook that throws ends the sink in Failure`` () = Rule.holds fails

[<Fact>]
let ``L5 The start is answered after the hand-over`` () = Rule.holds thenAnswers

[<Fact>]
let ``L5 The events buffered while starting become undelivered`` () =
    let sink = History.sinkAfter [ offer; offer; startingHookFails ]
    Expect.equal 2L sink.Ledger.Undelivered
    Expect.equal 0L sink.Ledger.Pending
    Expect.equal SinkState.Failure sink.Lifecycle.State

[<Fact>]
let ``L5 No dispatcher and no stopped hook follow a starting hook that throws`` () =
    let moment = History.lastOf [ start; startingHookFails ]
    Expect.holds "nothing runs" (Moment.lacks [ LifecycleEffects.LaunchDispatcher; LifecycleEffects.RunStoppedHook ] moment)
    Expect.equal SinkErrorReason.OnStartingHookFailed moment.Step.Reason
