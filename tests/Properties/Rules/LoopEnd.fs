/// L13, T6, T7 The loop closes or is gone: each thing in progress comes to its end, and nothing new begins.
module Mvx.Sink.Properties.Rules.LoopEnd

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let private inProgress memory = not (Memory.isAtRest memory)

let virginSinkOfALostLoop =
    Rule.about
        "L13"
        "a virgin sink whose loop goes away is Cancelled for want of a loop, at rest"
        (fun moment ->
            Moment.stateBefore moment = SinkState.Virgin
            && List.contains moment.Command [ loopIsClosing; loopIsGone ])
        (fun moment ->
            Moment.stateAfter moment = SinkState.Cancelled
            && moment.Step.Reason = SinkErrorReason.EventLoopUnavailable
            && Moment.hasExactly [ LifecycleEffects.RecordError; LifecycleEffects.ComeToRest ] moment)

let tokenFiresOnce =
    Rule.about
        "T6"
        "the token fires when the loop starts to close while something is in progress, and at no other time"
        (fun _ -> true)
        (fun moment ->
            let firstClosing =
                moment.Command = loopIsClosing
                && not moment.Remembered.LoopClosed
                && inProgress moment.Remembered

            moment.Step.Has LifecycleEffects.FireToken = firstClosing
            && moment.Step.Has LifecycleEffects.EndDispatcher = (firstClosing && moment.Remembered.DispatcherAtWork))

let closingKeepsTheState =
    Rule.onInput
        "T6"
        "a closing loop changes only the state of Virgin and Running; every other operation goes on to its own end"
        LifecycleInput.LoopClosing
        (fun moment ->
            Moment.stateBefore moment <> SinkState.Virgin
            && Moment.stateBefore moment <> SinkState.Running)
        (fun moment ->
            Moment.stateAfter moment = Moment.stateBefore moment
            && moment.After.Lifecycle.Phase = moment.Before.Lifecycle.Phase
            && moment.After.Ledger = moment.Before.Ledger
            && moment.RemembersNow.LastError = moment.Remembered.LastError)

let goneIsTheEnd =
    Rule.onInput
        "T6"
        "a loop that is gone ends everything at once: at rest, every handle answered, nothing asked of the loop"
        LifecycleInput.LoopGone
        (fun _ -> true)
        (fun moment ->
            Invariants.IsAtRest moment.After.Lifecycle
            && not moment.RemembersNow.StartIsOpen
            && not moment.RemembersNow.StopIsOpen
            && moment.After.Ledger.Pending = 0L
            && moment
               |> Moment.lacks
                   [
                       LifecycleEffects.RunStartingHook
                       LifecycleEffects.RunStoppedHook
                       LifecycleEffects.LaunchDispatcher
                       LifecycleEffects.Drain
                       LifecycleEffects.FireToken
                       LifecycleEffects.EndDispatcher
                   ])

/// Where a loop that is gone leaves a sink that was at work, and the error it then has.
let private endOf moment =
    let remembered = moment.Remembered

    match Moment.stateBefore moment with
    | SinkState.Starting -> SinkState.Cancelled, SinkErrorReason.EventLoopUnavailable
    | SinkState.Running -> SinkState.Cancelled, SinkErrorReason.DispatcherUnexpectedlyCancelled
    | SinkState.Stopping when remembered.LastError <> Memory.noError -> SinkState.Failure, remembered.LastError
    | SinkState.Stopping when remembered.DispatcherAtWork -> SinkState.Failure, SinkErrorReason.DispatcherUnexpectedlyCancelled
    | SinkState.Stopping -> SinkState.Failure, SinkErrorReason.OnStoppedHookFailed
    | state -> state, remembered.LastError

let goneNamesItsState =
    Rule.onInput
        "L13"
        "a loop that is gone cancels a start and a run, fails a stop, and leaves every other state and its error as they are"
        LifecycleInput.LoopGone
        (fun moment -> Moment.stateBefore moment <> SinkState.Virgin)
        (fun moment -> (Moment.stateAfter moment, moment.RemembersNow.LastError) = endOf moment)

let comesToRest =
    Rule.about
        "T6"
        "those who wait for rest are told when the sink comes to rest, or changes its state there, and at no other time"
        (fun _ -> true)
        (fun moment ->
            let arrives =
                Memory.isAtRest moment.RemembersNow
                && (inProgress moment.Remembered
                    || Moment.stateAfter moment <> Moment.stateBefore moment)

            moment.Step.Has LifecycleEffects.ComeToRest = arrives)

let rules =
    [
        virginSinkOfALostLoop
        tokenFiresOnce
        closingKeepsTheState
        goneIsTheEnd
        goneNamesItsState
        comesToRest
    ]

[<Fact>]
let ``L13 A virgin sink whose loop goes away is Cancelled for want of a loop`` () = Rule.holds virginSinkOfALostLoop

[<Fact>]
let ``T6 The token fires once, when the loop starts to close on work in progress`` () = Rule.holds tokenFiresOnce

[<Fact>]
let ``T6 A closing loop lets starts, stops and clean-ups go on to their own end`` () = Rule.holds closingKeepsTheState

[<Fact>]
let ``T6 A loop that is gone ends everything at once`` () = Rule.holds goneIsTheEnd

[<Fact>]
let ``L13 A loop that is gone cancels a start and a run and fails a stop`` () = Rule.holds goneNamesItsState

[<Fact>]
let ``T6 Those who wait for rest are told when it comes`` () = Rule.holds comesToRest

[<Fact>]
let ``L13 A running sink whose loop closes ends Cancelled with every event accounted for`` () =
    let moment =
        History.lastOf
            [
                start
                startingHookSucceeds
                offer
                offer
                loopIsClosing
                delivered
                dispatcherEnds
                stoppedHookSucceeds
            ]

    Expect.equal SinkState.Cancelled (Moment.stateAfter moment)
    Expect.equal (SinkLedger(2L, 0L, 0L, 1L, 0L, 1L)) moment.After.Ledger
    Expect.holds "at rest" (Memory.isAtRest moment.RemembersNow)

[<Fact>]
let ``T3 A stop that is draining when its loop closes still drains if nothing is left`` () =
    let moment =
        History.lastOf
            [
                start
                startingHookSucceeds
                offer
                stop
                loopIsClosing
                delivered
                drained
                stoppedHookSucceeds
            ]

    Expect.equal SinkState.Stopped (Moment.stateAfter moment)
