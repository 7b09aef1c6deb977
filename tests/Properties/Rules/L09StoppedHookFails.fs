/// L9 The stopped hook throws during a stop: Failure.
module Mvx.Sink.Properties.Rules.L09StoppedHookFails

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let fails =
    Rule.onInput
        "L9"
        "a stopped hook that throws after a clean drain: Failure, OnStoppedHookFailed, the stop completed"
        LifecycleInput.StoppedHookFailed
        (fun moment -> moment.Remembered.StopIsOpen && moment.Remembered.LastError = Memory.noError)
        (fun moment ->
            Moment.stateAfter moment = SinkState.Failure
            && moment.Step.Reason = SinkErrorReason.OnStoppedHookFailed
            && Moment.hasExactly
                [
                    LifecycleEffects.RecordError
                    LifecycleEffects.CompleteStop
                    LifecycleEffects.ComeToRest
                ]
                moment)

let rules = [ fails ]

[<Fact>]
let ``L9 A stopped hook that throws during a stop is Failure`` () = Rule.holds fails

[<Fact>]
let ``L9 The stop of a sink whose stopped hook throws carries OnStoppedHookFailed`` () =
    let moment =
        History.lastOf [ start; startingHookSucceeds; stop; drained; stoppedHookFails ]

    Expect.equal SinkState.Failure (Moment.stateAfter moment)
    Expect.equal SinkErrorReason.OnStoppedHookFailed moment.RemembersNow.LastError
    Expect.holds "the stop is answered" (moment.Step.Has LifecycleEffects.CompleteStop)
