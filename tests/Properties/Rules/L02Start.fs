/// L2 Start from Virgin or Stopped: Starting at once, the starting hook, the dispatcher, then Running.
module Mvx.Sink.Properties.Rules.L02Start

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let beginsAtOnce =
    Rule.onInputIn
        "L2"
        "Start from Virgin or Stopped is Starting before it returns and runs the starting hook"
        LifecycleInput.Start
        [ SinkState.Virgin; SinkState.Stopped ]
        (fun moment ->
            Moment.stateAfter moment = SinkState.Starting
            && moment.Step.Verdict = LifecycleVerdict.Begun
            && Moment.hasExactly [ LifecycleEffects.RunStartingHook ] moment)

let runsAfterTheHook =
    Rule.onInput
        "L2"
        "when the starting hook has returned the dispatcher begins, the sink is Running and the handle completes"
        LifecycleInput.StartingHookSucceeded
        (fun moment -> not moment.Remembered.LoopClosed)
        (fun moment ->
            Moment.stateAfter moment = SinkState.Running
            && moment.RemembersNow.DispatcherAtWork
            && Moment.hasExactly
                [
                    LifecycleEffects.ClearError
                    LifecycleEffects.LaunchDispatcher
                    LifecycleEffects.CompleteStart
                ]
                moment)

let hookOnlyForAStart =
    Rule.about
        "L2"
        "the starting hook runs for a start that begins at rest, and for nothing else"
        (fun moment -> moment.Step.Has LifecycleEffects.RunStartingHook)
        (fun moment ->
            moment.Step.Verdict = LifecycleVerdict.Begun
            && Memory.isAtRest moment.Remembered
            && Moment.stateAfter moment = SinkState.Starting)

let dispatcherOnlyForASuccess =
    Rule.about
        "L2"
        "the dispatcher begins after a starting hook that succeeded, and after nothing else"
        (fun moment -> moment.Step.Has LifecycleEffects.LaunchDispatcher)
        (fun moment -> moment.Command = startingHookSucceeds)

let rules =
    [ beginsAtOnce; runsAfterTheHook; hookOnlyForAStart; dispatcherOnlyForASuccess ]

[<Fact>]
let ``L2 Start of a new sink is Starting before it returns`` () =
    let moment = History.lastOf [ start ]
    Expect.equal SinkState.Starting (Moment.stateAfter moment)
    Expect.equal LifecycleVerdict.Begun moment.Step.Verdict
    Expect.equal LifecycleEffects.RunStartingHook moment.Step.Effects

[<Fact>]
let ``L2 The dispatcher begins before the start's handle completes`` () =
    Expect.holds "effects are carried out in the order of their bits" (LifecycleEffects.LaunchDispatcher < LifecycleEffects.CompleteStart)
    Expect.equal SinkState.Running (History.sinkAfter [ start; startingHookSucceeds ]).Lifecycle.State

[<Fact>]
let ``L2 Start is Starting before it returns and runs the starting hook`` () = Rule.holds beginsAtOnce

[<Fact>]
let ``L2 A starting hook that returns makes the sink Running`` () = Rule.holds runsAfterTheHook

[<Fact>]
let ``L2 The starting hook runs for a start and for nothing else`` () = Rule.holds hookOnlyForAStart

[<Fact>]
let ``L2 The dispatcher begins after a successful starting hook and after nothing else`` () = Rule.holds dispatcherOnlyForASuccess
