/// L6 Stop from Running: Stopping at once, every accepted event dispatched, the stopped hook, then Stopped.
module Mvx.Sink.Properties.Rules.L06Stop

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let beginsAtOnce =
    Rule.onInput
        "L6"
        "Stop from Running is Stopping before it returns and tells the dispatcher to drain"
        LifecycleInput.Stop
        (fun moment -> Moment.stateBefore moment = SinkState.Running)
        (fun moment ->
            Moment.stateAfter moment = SinkState.Stopping
            && moment.Step.Verdict = LifecycleVerdict.Begun
            && moment.After.Ledger = moment.Before.Ledger
            && Moment.hasExactly [ LifecycleEffects.Drain ] moment)

let hookAfterTheDrain =
    Rule.onInput
        "L6"
        "the stopped hook runs when every accepted event is finished, and the sink is still Stopping"
        LifecycleInput.Drained
        (fun _ -> true)
        (fun moment ->
            Moment.stateAfter moment = SinkState.Stopping
            && moment.Before.Ledger.Pending = 0L
            && Moment.hasExactly [ LifecycleEffects.RunStoppedHook ] moment)

let stopped =
    Rule.onInput
        "L6"
        "a stopped hook that returns after a clean drain makes the sink Stopped and completes the stop"
        LifecycleInput.StoppedHookSucceeded
        (fun moment -> moment.Remembered.StopIsOpen && moment.Remembered.LastError = Memory.noError)
        (fun moment ->
            Moment.stateAfter moment = SinkState.Stopped
            && Moment.hasExactly [ LifecycleEffects.CompleteStop; LifecycleEffects.ComeToRest ] moment)

let stoppedOnlySo =
    Rule.about
        "L6"
        "a sink is Stopped only after a clean stop, or when it is closed before its first start"
        (fun moment ->
            Moment.stateAfter moment = SinkState.Stopped
            && Moment.stateBefore moment <> SinkState.Stopped)
        (fun moment ->
            (moment.Command = stoppedHookSucceeds
             && moment.Remembered.LastError = Memory.noError)
            || (moment.Command = close && Moment.stateBefore moment = SinkState.Virgin))

let hooksArePaired =
    Rule.about
        "L6"
        "the stopped hook runs once for each starting hook that succeeded, before rest, and never else, unless the loop is gone"
        (fun _ -> true)
        (fun moment ->
            let owed =
                moment.Remembered.OwesStoppedHook || moment.Command = startingHookSucceeds

            (owed || not (moment.Step.Has LifecycleEffects.RunStoppedHook))
            && not (Memory.isAtRest moment.RemembersNow && moment.RemembersNow.OwesStoppedHook))

let rules =
    [ beginsAtOnce; hookAfterTheDrain; stopped; stoppedOnlySo; hooksArePaired ]

[<Fact>]
let ``L6 A stop delivers what was accepted, runs the stopped hook and is Stopped`` () =
    let moments =
        History.example
            [
                start
                startingHookSucceeds
                offer
                offer
                stop
                delivered
                delivered
                drained
                stoppedHookSucceeds
            ]

    let sink = (List.last moments).After
    Expect.equal SinkState.Stopped sink.Lifecycle.State
    Expect.equal 2L sink.Ledger.Delivered

    let hooks =
        moments
        |> List.filter (fun moment -> moment.Step.Has LifecycleEffects.RunStoppedHook)

    Expect.equal [ drained ] (hooks |> List.map _.Command)

[<Fact>]
let ``L6 A drain cannot end while an event is pending`` () =
    let sink = History.sinkAfter [ start; startingHookSucceeds; offer; stop ]
    Expect.holds "an event is pending" (not (sink.CanHappen LifecycleInput.Drained))
    Expect.equal sink (sink.Apply LifecycleInput.Drained)

[<Fact>]
let ``L6 Stop of a running sink is Stopping before it returns`` () = Rule.holds beginsAtOnce

[<Fact>]
let ``L6 The stopped hook runs after the drain`` () = Rule.holds hookAfterTheDrain

[<Fact>]
let ``L6 A stopped hook that returns makes the sink Stopped`` () = Rule.holds stopped

[<Fact>]
let ``L6 Only a clean stop, or closing a virgin sink, leads to Stopped`` () = Rule.holds stoppedOnlySo

[<Fact>]
let ``L6 The stopped hook runs once for each successful starting hook`` () = Rule.holds hooksArePaired
