/// A12 Under Wait a caller waits for room, and gives up.
module Mvx.Sink.Properties.Rules.A12Wait

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let waits =
    Rule.about
        "A12"
        "who finds the limit reached waits, and nothing is counted until it is let in or gives up"
        (fun moment ->
            moment.Command = Command.Offer
            && moment.Before.Policy = QueueOverflowPolicy.Wait
            && moment.Before.Ledger.Pending = moment.Before.Limit
            && Moment.stateBefore moment <= SinkState.Running)
        (fun moment ->
            let gaveUp = moment.Before.GiveUpWaiting()

            moment.Before.Verdict = AdmissionVerdict.Wait
            && moment.After = moment.Before
            && gaveUp.Lifecycle = moment.Before.Lifecycle
            && gaveUp.Ledger.Rejected = moment.Before.Ledger.Rejected + 1L
            && gaveUp.Ledger.Offered = moment.Before.Ledger.Offered + 1L
            && gaveUp.Ledger.Pending = moment.Before.Ledger.Pending)

let rules = [ waits ]

[<Fact>]
let ``A12 Who finds the limit reached waits`` () = Rule.holds waits

[<Fact>]
let ``A12 There is something to wait for only while the sink accepts`` () =
    for state in
        [
            SinkState.Stopping
            SinkState.Stopped
            SinkState.Failure
            SinkState.Cancelled
        ] do
        let gate = Gate(LifecycleModel(state, LifecyclePhase.AtRest, false), 1L)
        Expect.equal AdmissionVerdict.Refuse (Admission.Offer(gate, 0L, 1L, QueueOverflowPolicy.Wait).Verdict)

[<Fact>]
let ``A12 Without waiting, waiting is an overflow and nothing else changes`` () =
    for verdict in System.Enum.GetValues<AdmissionVerdict>() do
        let expected =
            if verdict = AdmissionVerdict.Wait then
                AdmissionVerdict.Overflow
            else
                verdict

        Expect.equal expected (Admission.WithoutWaiting verdict)
