/// The default of every public struct is legal and harmless.
module Mvx.Sink.Properties.Packing.DefaultValueTests

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Xunit

[<Fact>]
let ``The default ledger is an empty one`` () =
    let ledger = SinkLedger()
    Expect.equal 0L ledger.Offered
    Expect.equal 0L ledger.Pending
    Expect.holds "it holds" (Invariants.LedgerHolds(ledger, 1L))

[<Fact>]
let ``The default step asks nothing and names no reason`` () =
    let step = LifecycleStep()
    Expect.equal LifecycleEffects.None step.Effects
    Expect.equal LifecycleVerdict.Taken step.Verdict
    Expect.equal "Taken -> Virgin/AtRest [None]" (string step)

[<Fact>]
let ``The default decision leaves an empty gate`` () =
    Expect.equal (Gate()) (AdmissionDecision().Next)

[<Fact>]
let ``The default sink has no room and takes no event`` () =
    let sink = SinkModel().Offer()
    Expect.equal SinkState.Virgin sink.Lifecycle.State
    Expect.equal 1L sink.Ledger.Rejected

[<Fact>]
let ``A ledger adds up and prints every figure`` () =
    let ledger = SinkLedger(10L, 2L, 3L, 4L, 1L, 2L)
    Expect.equal 15L ledger.Offered
    Expect.equal 3L ledger.Pending

    Expect.equal "offered 15, accepted 10, dropped 2, rejected 3, delivered 4, failed 1, undelivered 2, pending 3" (string ledger)

[<Fact>]
let ``A step prints its verdict, its lifecycle, its effects and its reason`` () =
    let step = Lifecycle.Step(LifecycleModel(), LifecycleInput.Stop)
    Expect.equal "Refused -> Virgin/AtRest [None] (INVALID_LOG_SINK_STATE)" (string step)
