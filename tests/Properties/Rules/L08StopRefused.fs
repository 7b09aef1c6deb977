/// L8 Stop from any other state changes nothing.
module Mvx.Sink.Properties.Rules.L08StopRefused

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let refuses =
    Rule.onInput
        "L8"
        "Stop from any state but Running and Stopping is refused for the state and changes nothing"
        LifecycleInput.Stop
        (fun moment ->
            Moment.stateBefore moment <> SinkState.Running
            && Moment.stateBefore moment <> SinkState.Stopping)
        (Moment.refusedFor SinkErrorReason.InvalidLogSinkState)

let rules = [ refuses ]

[<Fact>]
let ``L8 Stop is refused from any state but Running and Stopping`` () = Rule.holds refuses

[<Fact>]
let ``L8 Stop of a starting sink is refused and the start goes on`` () =
    let moment = History.lastOf [ start; stop ]
    Expect.equal LifecycleVerdict.Refused moment.Step.Verdict
    Expect.equal SinkErrorReason.InvalidLogSinkState moment.Step.Reason
    Expect.equal SinkState.Running (History.sinkAfter [ start; stop; startingHookSucceeds ]).Lifecycle.State

[<Fact>]
let ``L8 A refused stop names Running as expected`` () =
    Expect.equal [ SinkState.Running ] (List.ofSeq (ExpectedStates.For SinkOperation.Stop))
