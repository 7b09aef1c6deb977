/// L3 Start while Starting joins the same operation.
module Mvx.Sink.Properties.Rules.L03StartWhileStarting

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let joins =
    Rule.onInput
        "L3"
        "Start while Starting joins the operation in progress and changes nothing"
        LifecycleInput.Start
        (fun moment -> Moment.stateBefore moment = SinkState.Starting)
        (fun moment ->
            moment.Step.Verdict = LifecycleVerdict.Joined
            && moment.Remembered.StartIsOpen
            && Moment.changesNothing moment)

let rules = [ joins ]

[<Fact>]
let ``L3 Start while starting joins the same start`` () = Rule.holds joins

[<Fact>]
let ``L3 Any number of starts run one starting hook and complete one start`` () =
    let moments = History.example [ start; start; start; startingHookSucceeds ]

    let count effect =
        moments |> List.filter (fun moment -> moment.Step.Has effect) |> List.length

    Expect.equal 1 (count LifecycleEffects.RunStartingHook)
    Expect.equal 1 (count LifecycleEffects.CompleteStart)

[<Fact>]
let ``L3 Start joins the start that an event began`` () =
    Expect.equal LifecycleVerdict.Joined (History.lastOf [ offer; start ]).Step.Verdict

[<Fact>]
let ``L3 Start joins a start whose loop is closing`` () =
    Expect.equal LifecycleVerdict.Joined (History.lastOf [ start; loopIsClosing; start ]).Step.Verdict
