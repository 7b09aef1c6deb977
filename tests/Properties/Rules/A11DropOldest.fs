/// A11 Under DropOldest the oldest waiting event makes room for the new one.
module Mvx.Sink.Properties.Rules.A11DropOldest

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open FsCheck.FSharp
open Xunit

let private isFull moment =
    moment.Command = Command.Offer
    && moment.Before.Policy = QueueOverflowPolicy.DropOldest
    && moment.Before.Ledger.Pending = moment.Before.Limit
    && Moment.stateBefore moment <= SinkState.Running

let makesRoom =
    Rule.about "A11" "at the limit one event is dropped, and what is pending stays the same number" isFull (fun moment ->
        let waiting = moment.Before.Ledger.Pending - moment.Before.InDispatch

        let expected =
            if waiting > 0L then
                AdmissionVerdict.MakeRoom
            else
                AdmissionVerdict.Drop

        moment.Before.Verdict = expected
        && moment.After.Ledger.Dropped = moment.Before.Ledger.Dropped + 1L
        && moment.After.Ledger.Accepted = moment.Before.Ledger.Accepted
        && moment.After.Lifecycle = moment.Before.Lifecycle)

let rules = [ makesRoom ]

[<Fact>]
let ``A11 At the limit the oldest waiting event goes`` () = Rule.holds makesRoom

[<Fact>]
let ``A11 With a limit of one the event in dispatch stays and the new one goes`` () =
    let sink =
        (History.exampleOn 1L QueueOverflowPolicy.DropOldest [ offer; startingHookSucceeds; offer ]
         |> List.last)
            .Before

    Expect.equal AdmissionVerdict.Drop sink.Verdict

[<Fact>]
let ``A11 An event makes room exactly when one waits`` () =
    let figures = Gen.zip (Gen.choose64 (0L, 9L)) (Gen.choose64 (0L, 9L)) |> Arb.fromGen

    Run.forAll figures (fun (taken, waiting) ->
        let gate = Gate(LifecycleModel(), taken + waiting)
        let decision = Admission.MakeRoom(gate, taken)
        Expect.equal (waiting > 0L) (decision.Verdict = AdmissionVerdict.MakeRoom)
        Expect.equal (if waiting > 0L then gate.PlusOne else gate) decision.Next
        Expect.holds "else the new one is dropped" (waiting > 0L || decision.Verdict = AdmissionVerdict.Drop))
