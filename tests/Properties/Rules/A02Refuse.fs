/// A2 Every other state refuses.
module Mvx.Sink.Properties.Rules.A02Refuse

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let refuses =
    Rule.about
        "A2"
        "Stopping, Stopped, Failure and Cancelled refuse, count the event as rejected and change nothing else"
        (fun moment ->
            moment.Command = Command.Offer
            && Moment.stateBefore moment >= SinkState.Stopping)
        (fun moment ->
            let l = moment.Before.Ledger

            moment.Before.Verdict = AdmissionVerdict.Refuse
            && moment.After.Lifecycle = moment.Before.Lifecycle
            && moment.After.Ledger = SinkLedger(l.Accepted, l.Dropped, l.Rejected + 1L, l.Delivered, l.Failed, l.Undelivered))

let rules = [ refuses ]

[<Fact>]
let ``A2 Stopping, Stopped, Failure and Cancelled refuse`` () = Rule.holds refuses

[<Fact>]
let ``A2 A stopped sink is not started by an event`` () =
    let moment =
        History.lastOf [ start; startingHookSucceeds; stop; drained; stoppedHookSucceeds; offer ]

    Expect.equal SinkState.Stopped (Moment.stateAfter moment)
    Expect.equal 1L moment.After.Ledger.Rejected

[<Fact>]
let ``A2 The state is asked before the limit`` () =
    let moment =
        [ start; startingHookSucceeds; offer; stop; offer ]
        |> History.exampleOn 1L QueueOverflowPolicy.Drop
        |> List.last

    Expect.equal AdmissionVerdict.Refuse moment.Before.Verdict
    Expect.equal 0L moment.After.Ledger.Dropped

[<Fact>]
let ``A2 A refused event names Virgin, Starting and Running as expected`` () =
    Expect.equal [ SinkState.Virgin; SinkState.Starting; SinkState.Running ] (List.ofSeq ExpectedStates.ForLog)
