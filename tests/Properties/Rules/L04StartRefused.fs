/// L4 Start from Running, Stopping, Failure or Cancelled changes nothing.
module Mvx.Sink.Properties.Rules.L04StartRefused

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let refuses =
    Rule.onInputIn
        "L4"
        "Start from Running, Stopping, Failure or Cancelled is refused for the state and changes nothing"
        LifecycleInput.Start
        [
            SinkState.Running
            SinkState.Stopping
            SinkState.Failure
            SinkState.Cancelled
        ]
        (Moment.refusedFor SinkErrorReason.InvalidLogSinkState)

let rules = [ refuses ]

[<Fact>]
let ``L4 Start is refused from Running, Stopping, Failure and Cancelled`` () = Rule.holds refuses

[<Fact>]
let ``L4 Start of a running sink is refused`` () =
    let moment = History.lastOf [ start; startingHookSucceeds; start ]
    Expect.equal LifecycleVerdict.Refused moment.Step.Verdict
    Expect.equal SinkErrorReason.InvalidLogSinkState moment.Step.Reason

[<Fact>]
let ``L4 A refused start names Virgin and Stopped as expected`` () =
    Expect.equal [ SinkState.Virgin; SinkState.Stopped ] (List.ofSeq (ExpectedStates.For SinkOperation.Start))
