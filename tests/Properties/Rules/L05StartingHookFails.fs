/// L5 The starting hook throws: Failure, no dispatcher, no stopped hook; what was buffered is undelivered.
module Mvx.Sink.Properties.Rules.L05StartingHookFails

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let fails =
    Rule.onInput
        "L5"
        "a starting hook that throws is the end: Failure, OnStartingHookFailed, the buffered events handed over, the start completed"
        LifecycleInput.StartingHookFailed
        (fun _ -> true)
        (fun moment ->
            Moment.stateAfter moment = SinkState.Failure
            && moment.Step.Reason = SinkErrorReason.OnStartingHookFailed
            && Memory.isAtRest moment.RemembersNow
            && moment.After.Ledger.Undelivered = moment.Before.Ledger.Undelivered + moment.Before.Ledger.Pending
            && Moment.hasExactly
                [
                    LifecycleEffects.RecordError
                    LifecycleEffects.HandOverUndelivered
                    LifecycleEffects.CompleteStart
                    LifecycleEffects.ComeToRest
                ]
                moment)

let rules = [ fails ]

[<Fact>]
let ``L5 A starting hook that throws ends the sink in Failure`` () = Rule.holds fails

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
