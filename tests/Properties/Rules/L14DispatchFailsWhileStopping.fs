/// L14 A dispatch fails while Stopping: the stop still runs the stopped hook, and ends in Failure.
module Mvx.Sink.Properties.Rules.L14DispatchFailsWhileStopping

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let private dispatcherFell = [ dispatchFails; dispatchIsCancelled; dispatcherEnds ]

let goesOnToTheHook =
    Rule.about
        "L14"
        "a dispatcher that falls while Stopping: the rest is undelivered, the stopped hook runs, the sink is still Stopping"
        (fun moment ->
            Moment.stateBefore moment = SinkState.Stopping
            && List.contains moment.Command dispatcherFell)
        (fun moment ->
            Moment.stateAfter moment = SinkState.Stopping
            && moment.RemembersNow.StopIsOpen
            && Moment.hasExactly
                [
                    LifecycleEffects.RecordError
                    LifecycleEffects.HandOverUndelivered
                    LifecycleEffects.RunStoppedHook
                ]
                moment)

let namesTheReason =
    Rule.about
        "L14"
        "the stop carries UnexpectedError, or DispatcherUnexpectedlyCancelled where the closing loop cut it short"
        (fun moment ->
            Moment.stateBefore moment = SinkState.Stopping
            && List.contains moment.Command dispatcherFell)
        (fun moment ->
            let expected =
                if moment.Remembered.LoopClosed && moment.Command <> dispatchFails then
                    SinkErrorReason.DispatcherUnexpectedlyCancelled
                else
                    SinkErrorReason.UnexpectedError

            moment.RemembersNow.LastError = expected)

let endsInFailure =
    Rule.about
        "L14"
        "a stop whose dispatcher fell ends in Failure, whatever the stopped hook does"
        (fun moment ->
            moment.Remembered.StopIsOpen
            && moment.Remembered.LastError <> Memory.noError
            && List.contains moment.Command [ stoppedHookSucceeds; stoppedHookFails ])
        (fun moment ->
            let report =
                if moment.Command = stoppedHookFails then
                    [ LifecycleEffects.ReportInternalError ]
                else
                    []

            Moment.stateAfter moment = SinkState.Failure
            && moment
               |> Moment.hasExactly ([ LifecycleEffects.CompleteStop; LifecycleEffects.ComeToRest ] @ report))

let rules = [ goesOnToTheHook; namesTheReason; endsInFailure ]

[<Fact>]
let ``L14 A dispatch that fails while stopping does not keep the stopped hook from running`` () = Rule.holds goesOnToTheHook

[<Fact>]
let ``L14 The stop carries the reason`` () = Rule.holds namesTheReason

[<Fact>]
let ``L14 A stop whose dispatch failed ends in Failure`` () = Rule.holds endsInFailure

[<Fact>]
let ``L14 A failing dispatch makes the stop fail and forgets no event`` () =
    let moment =
        History.lastOf
            [
                start
                startingHookSucceeds
                offer
                offer
                stop
                dispatchFails
                stoppedHookSucceeds
            ]

    Expect.equal SinkState.Failure (Moment.stateAfter moment)
    Expect.equal SinkErrorReason.UnexpectedError moment.RemembersNow.LastError
    Expect.equal (SinkLedger(2L, 0L, 0L, 0L, 1L, 1L)) moment.After.Ledger

[<Fact>]
let ``L14 A cancellation while stopping is no licence to report success`` () =
    let moment =
        History.lastOf
            [
                start
                startingHookSucceeds
                offer
                stop
                dispatchIsCancelled
                stoppedHookSucceeds
            ]

    Expect.equal SinkState.Failure (Moment.stateAfter moment)
    Expect.equal SinkErrorReason.UnexpectedError moment.RemembersNow.LastError
