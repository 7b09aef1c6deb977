/// L1 A new sink is Virgin: no hook has run.
module Mvx.Sink.Properties.Rules.L01NewSink

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let onlyAStartRunsAHook =
    Rule.about
        "L1"
        "only a start, or the event that causes one, runs a virgin sink's first hook"
        (fun moment -> Moment.stateBefore moment = SinkState.Virgin)
        (fun moment ->
            match moment.Command with
            | Command.Offer
            | Command.Input LifecycleInput.Start -> Moment.hasExactly [ LifecycleEffects.RunStartingHook ] moment
            | _ ->
                moment
                |> Moment.lacks
                    [
                        LifecycleEffects.RunStartingHook
                        LifecycleEffects.RunStoppedHook
                        LifecycleEffects.LaunchDispatcher
                    ])

let neverVirginAgain =
    Rule.about
        "L1"
        "a sink is virgin only until something happens to it"
        (fun moment -> Moment.stateAfter moment = SinkState.Virgin)
        (fun moment ->
            Moment.stateBefore moment = SinkState.Virgin
            && moment.RemembersNow = Memory.empty
            && moment.After.Ledger.Accepted = 0L)

let rules = [ onlyAStartRunsAHook; neverVirginAgain ]

[<Fact>]
let ``L1 A new sink is Virgin, at rest, open and has seen no event`` () =
    let sink = SinkModel(1L, QueueOverflowPolicy.RaiseError)
    Expect.equal SinkState.Virgin sink.Lifecycle.State
    Expect.equal LifecyclePhase.AtRest sink.Lifecycle.Phase
    Expect.holds "a new sink's loop is open" (not sink.Lifecycle.Closed)
    Expect.equal (SinkLedger(0L, 0L, 0L, 0L, 0L, 0L)) sink.Ledger

[<Fact>]
let ``L1 Only a start runs a virgin sink's first hook`` () = Rule.holds onlyAStartRunsAHook

[<Fact>]
let ``L1 Nothing leads back to Virgin`` () = Rule.holds neverVirginAgain
