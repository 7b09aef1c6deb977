/// A3 At the pending limit the policy decides, and both of its answers are counted.
module Mvx.Sink.Properties.Rules.A03AtTheLimit

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let policyDecides =
    Rule.about
        "A3"
        "at the limit RaiseError rejects and Drop drops, and nothing else changes"
        (fun moment ->
            moment.Command = Command.Offer
            && moment.Before.Policy <= QueueOverflowPolicy.Drop
            && moment.Before.Ledger.Pending = moment.Before.Limit
            && Moment.stateBefore moment <= SinkState.Running)
        (fun moment ->
            let l = moment.Before.Ledger

            let verdict, dropped, rejected =
                match moment.Before.Policy with
                | QueueOverflowPolicy.Drop -> AdmissionVerdict.Drop, 1L, 0L
                | _ -> AdmissionVerdict.Overflow, 0L, 1L

            moment.Before.Verdict = verdict
            && moment.After.Lifecycle = moment.Before.Lifecycle
            && moment.After.Ledger =
                SinkLedger(l.Accepted, l.Dropped + dropped, l.Rejected + rejected, l.Delivered, l.Failed, l.Undelivered))

let rules = [ policyDecides ]

[<Fact>]
let ``A3 At the limit the policy decides`` () = Rule.holds policyDecides

[<Fact>]
let ``A3 Drop counts what it drops`` () =
    let sink =
        (History.exampleOn 1L QueueOverflowPolicy.Drop [ offer; offer; offer ]
         |> List.last)
            .After

    Expect.equal (SinkLedger(1L, 2L, 0L, 0L, 0L, 0L)) sink.Ledger

[<Fact>]
let ``A3 RaiseError counts what it rejects`` () =
    let sink =
        (History.exampleOn 1L QueueOverflowPolicy.RaiseError [ offer; offer; offer ]
         |> List.last)
            .After

    Expect.equal (SinkLedger(1L, 0L, 2L, 0L, 0L, 0L)) sink.Ledger

[<Fact>]
let ``A3 A verdict has the outcome its caller is told`` () =
    Expect.equal LogOutcome.Accepted (Admission.Outcome AdmissionVerdict.Accept)
    Expect.equal LogOutcome.Accepted (Admission.Outcome AdmissionVerdict.AcceptAndStart)
    Expect.equal LogOutcome.Dropped (Admission.Outcome AdmissionVerdict.Drop)
    Expect.equal LogOutcome.QueueFull (Admission.Outcome AdmissionVerdict.Overflow)
    Expect.equal LogOutcome.QueueFull (Admission.Outcome AdmissionVerdict.Wait)
    Expect.equal LogOutcome.Dropped (Admission.Outcome AdmissionVerdict.MakeRoom)
    Expect.equal LogOutcome.InvalidState (Admission.Outcome AdmissionVerdict.Refuse)
