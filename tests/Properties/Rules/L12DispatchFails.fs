/// L12 A dispatch throws while Running: Failure, the stopped hook once as clean-up.
module Mvx.Sink.Properties.Rules.L12DispatchFails

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let fails =
    Rule.onInput
        "L12"
        "a dispatch that throws while Running: Failure, UnexpectedError, the rest handed over, the stopped hook as clean-up"
        LifecycleInput.DispatchFailed
        (fun moment -> Moment.stateBefore moment = SinkState.Running)
        (fun moment ->
            Moment.stateAfter moment = SinkState.Failure
            && moment.Step.Reason = SinkErrorReason.UnexpectedError
            && Moment.hasExactly
                [
                    LifecycleEffects.RecordError
                    LifecycleEffects.HandOverUndelivered
                    LifecycleEffects.RunStoppedHook
                ]
                moment)

let private isCleaningUp moment =
    moment.Remembered.Hook = StoppedHook
    && not moment.Remembered.StartIsOpen
    && not moment.Remembered.StopIsOpen

let cleansUp =
    Rule.onInput
        "L12"
        "a clean-up that succeeds leads to rest and changes nothing else"
        LifecycleInput.StoppedHookSucceeded
        isCleaningUp
        (Moment.hasExactly [ LifecycleEffects.ComeToRest ])

let reportsCleanUp =
    Rule.onInput
        "L12"
        "what a clean-up throws is reported and changes nothing else"
        LifecycleInput.StoppedHookFailed
        isCleaningUp
        (Moment.hasExactly [ LifecycleEffects.ReportInternalError; LifecycleEffects.ComeToRest ])

let reportsOnlyTheSecondError =
    Rule.about
        "L12"
        "a failure is reported to the internal-error hook exactly when an earlier one is already the last error"
        (fun _ -> true)
        (fun moment ->
            let isSecond =
                (moment.Command = stoppedHookFails || moment.Command = dispatchFails)
                && moment.Remembered.LastError <> Memory.noError

            moment.Step.Has LifecycleEffects.ReportInternalError = isSecond)

let recordsWithAReason =
    Rule.about
        "L12"
        "an error is recorded exactly when a step that is taken names a reason, and never over another one"
        (fun _ -> true)
        (fun moment ->
            let records = moment.Step.Has LifecycleEffects.RecordError

            let named =
                moment.Step.Verdict = LifecycleVerdict.Taken
                && moment.Step.Reason <> Memory.noError

            records = named && (not records || moment.Remembered.LastError = Memory.noError))

let rules =
    [
        fails
        cleansUp
        reportsCleanUp
        reportsOnlyTheSecondError
        recordsWithAReason
    ]

[<Fact>]
let ``L12 A dispatch that throws while running fails the sink and cleans up once`` () =
    let moments =
        History.example
            [
                start
                startingHookSucceeds
                offer
                offer
                dispatchFails
                stoppedHookSucceeds
            ]

    let sink = (List.last moments).After
    Expect.equal SinkState.Failure sink.Lifecycle.State
    Expect.equal LifecyclePhase.AtRest sink.Lifecycle.Phase
    Expect.equal (SinkLedger(2L, 0L, 0L, 0L, 1L, 1L)) sink.Ledger

    let hooks =
        moments
        |> List.filter (fun moment -> moment.Step.Has LifecycleEffects.RunStoppedHook)

    Expect.equal [ dispatchFails ] (hooks |> List.map _.Command)

[<Fact>]
let ``L12 The rest is handed over before the clean-up runs`` () =
    Expect.holds
        "effects are carried out in the order of their bits"
        (LifecycleEffects.RecordError < LifecycleEffects.HandOverUndelivered
         && LifecycleEffects.HandOverUndelivered < LifecycleEffects.RunStoppedHook)

[<Fact>]
let ``L12 A dispatch that throws while running is Failure`` () = Rule.holds fails

[<Fact>]
let ``L12 A clean-up that succeeds leads to rest`` () = Rule.holds cleansUp

[<Fact>]
let ``L12 What a clean-up throws is reported and changes nothing`` () = Rule.holds reportsCleanUp

[<Fact>]
let ``L12 Only a failure that comes second is reported`` () = Rule.holds reportsOnlyTheSecondError

[<Fact>]
let ``L12 The first error is recorded and never overwritten`` () = Rule.holds recordsWithAReason
