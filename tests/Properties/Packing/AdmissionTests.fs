/// The admission decision for any gate, any figure and any limit.
module Mvx.Sink.Properties.Packing.AdmissionTests

open FsCheck.FSharp
open Mvx.Sink.Model
open Mvx.Sink.Properties
open Xunit

let private offers =
    let policies =
        Gen.elements [ yield! System.Enum.GetValues<QueueOverflowPolicy>(); enum 7 ]

    gen {
        let! code = Gen.oneof [ Gen.constant (LifecycleModel().Code); Arbitraries.code ]
        let! completed = Gen.oneof [ Gen.choose64 (0L, 9L); Gen.choose64 (0L, (1L <<< 54)) ]
        let! pending = Gen.choose64 (0L, 6L)
        let! limit = Gen.choose64 (1L, 6L)
        let! policy = policies
        return Gate(LifecycleModel code, completed + pending), completed, limit, policy
    }
    |> Arb.fromGen

let private expected (gate: Gate, completed, limit, policy) =
    let full = gate.Accepted - completed >= limit

    match gate.State with
    | SinkState.Virgin
    | SinkState.Starting
    | SinkState.Running when full ->
        (match policy with
         | QueueOverflowPolicy.Drop -> AdmissionVerdict.Drop
         | QueueOverflowPolicy.DropOldest -> AdmissionVerdict.MakeRoom
         | QueueOverflowPolicy.Wait -> AdmissionVerdict.Wait
         | _ -> AdmissionVerdict.Overflow),
        gate
    | SinkState.Virgin ->
        let starting =
            LifecycleModel(SinkState.Starting, LifecyclePhase.StartingHook, gate.Lifecycle.Closed)

        AdmissionVerdict.AcceptAndStart, Gate(starting, gate.Accepted + 1L)
    | SinkState.Starting
    | SinkState.Running -> AdmissionVerdict.Accept, Gate(gate.Lifecycle, gate.Accepted + 1L)
    | _ -> AdmissionVerdict.Refuse, gate

/// A virgin sink on a closed loop is no lifecycle; a start of it is refused.
let private canBe (gate: Gate) =
    gate.State <> SinkState.Virgin || gate.Lifecycle = LifecycleModel()

[<Fact>]
let ``A1 to A5 The decision is the one the rules give, for any gate`` () =
    Run.forAll offers (fun offer ->
        let gate, completed, limit, policy = offer

        Prop.filter
            (canBe gate)
            (lazy
                (let decision = Admission.Offer(gate, completed, limit, policy)
                 Expect.equal (expected offer) (decision.Verdict, decision.Next)

                 Expect.equal (decision.Verdict = AdmissionVerdict.Accept) (Admission.Admits(gate, completed, limit))
                 Expect.equal (decision.Verdict = Admission.AtLimit policy) (Admission.IsAtLimit(gate, completed, limit))
                 Expect.equal (Admission.Outcome decision.Verdict = LogOutcome.Accepted) decision.IsAccepted)))

[<Fact>]
let ``A5 An older figure never lets an event in that a fresh one would turn away`` () =
    Run.forAll (Arb.zip (offers, Arb.fromGen (Gen.choose64 (0L, 9L)))) (fun ((gate, completed, limit, policy), age) ->
        let stale = Admission.Offer(gate, completed - age, limit, policy)
        let fresh = Admission.Offer(gate, completed, limit, policy)
        Expect.holds "stricter, never laxer" (not stale.IsAccepted || stale = fresh))

[<Fact>]
let ``A1 The first event of a virgin gate is counted, starts the sink and is accepted`` () =
    let decision = Admission.Offer(Gate(), 0L, 1L, QueueOverflowPolicy.RaiseError)
    Expect.equal AdmissionVerdict.AcceptAndStart decision.Verdict
    Expect.holds "it is accepted" decision.IsAccepted
    Expect.equal 1L decision.Next.Accepted
    Expect.equal SinkState.Starting decision.Next.State
