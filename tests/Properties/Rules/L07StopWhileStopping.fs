/// L7 Stop while Stopping joins the same operation.
module Mvx.Sink.Properties.Rules.L07StopWhileStopping

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let joins =
    Rule.onInput
        "L7"
        "Stop while Stopping joins the operation in progress and changes nothing"
        LifecycleInput.Stop
        (fun moment -> Moment.stateBefore moment = SinkState.Stopping)
        (fun moment ->
            moment.Step.Verdict = LifecycleVerdict.Joined
            && moment.Remembered.StopIsOpen
            && Moment.changesNothing moment)

let rules = [ joins ]

[<Fact>]
let ``L7 Stop while stopping joins the same stop`` () = Rule.holds joins

[<Fact>]
let ``L7 Any number of stops run one stopped hook and complete one stop`` () =
    let moments =
        History.example [ start; startingHookSucceeds; stop; stop; drained; stop; stoppedHookSucceeds ]

    let count effect =
        moments |> List.filter (fun moment -> moment.Step.Has effect) |> List.length

    Expect.equal 1 (count LifecycleEffects.RunStoppedHook)
    Expect.equal 1 (count LifecycleEffects.CompleteStop)
