/// The invariants see what is wrong: each broken thing makes its predicate false.
module Mvx.Sink.Properties.Packing.InvariantTests

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Xunit

let private running =
    LifecycleModel(SinkState.Running, LifecyclePhase.Dispatching, false)

[<Fact>]
let ``C1 LedgerHolds sees every negative figure and every overfull queue`` () =
    Expect.holds "a whole ledger" (Invariants.LedgerHolds(SinkLedger(3L, 1L, 1L, 1L, 1L, 0L), 1L))

    for broken in
        [
            SinkLedger(-1L, 0L, 0L, 0L, 0L, -1L)
            SinkLedger(-1L, 0L, 0L, -1L, 0L, 0L)
            SinkLedger(-1L, 0L, 0L, 0L, -1L, 0L)
            SinkLedger(1L, -1L, 0L, 0L, 0L, 0L)
            SinkLedger(1L, 0L, -1L, 0L, 0L, 0L)
            SinkLedger(1L, 0L, 0L, -1L, 1L, 1L)
            SinkLedger(1L, 0L, 0L, 1L, -1L, 1L)
            SinkLedger(1L, 0L, 0L, 1L, 1L, -1L)
            SinkLedger(1L, 0L, 0L, 1L, 1L, 0L)
            SinkLedger(2L, 0L, 0L, 0L, 0L, 0L)
        ] do
        Expect.holds (string broken) (not (Invariants.LedgerHolds(broken, 1L)))

[<Fact>]
let ``C1 LedgerGrows sees each figure that goes back`` () =
    let earlier = SinkLedger(9L, 2L, 2L, 2L, 2L, 2L)
    Expect.holds "the same snapshot twice" (Invariants.LedgerGrows(earlier, earlier))

    for later in
        [
            SinkLedger(8L, 9L, 2L, 2L, 2L, 2L)
            SinkLedger(9L, 1L, 9L, 2L, 2L, 2L)
            SinkLedger(9L, 9L, 1L, 2L, 2L, 2L)
            SinkLedger(9L, 2L, 2L, 1L, 2L, 2L)
            SinkLedger(9L, 2L, 2L, 2L, 1L, 2L)
            SinkLedger(9L, 2L, 2L, 2L, 2L, 1L)
        ] do
        Expect.holds (string later) (not (Invariants.LedgerGrows(earlier, later)))

[<Fact>]
let ``C1 RestHolds sees an event that is pending at rest`` () =
    let one = SinkLedger(1L, 0L, 0L, 0L, 0L, 0L)
    let stopped = LifecycleModel(SinkState.Stopped, LifecyclePhase.AtRest, false)
    Expect.holds "pending at rest" (not (Invariants.RestHolds(stopped, one)))
    Expect.holds "pending while running" (Invariants.RestHolds(running, one))

[<Fact>]
let ``L11 StepHolds sees a terminal state that is left`` () =
    let failed = LifecycleModel(SinkState.Failure, LifecyclePhase.CleanUp, false)

    let step =
        LifecycleStep(running, LifecycleEffects.None, LifecycleVerdict.Taken, Memory.noError)

    Expect.holds "left Failure" (not (Invariants.StepHolds(failed, step)))

[<Fact>]
let ``T7 StepHolds sees a closed loop that opens`` () =
    let closed = LifecycleModel(SinkState.Starting, LifecyclePhase.StartingHook, true)

    let step =
        LifecycleStep(running, LifecycleEffects.None, LifecycleVerdict.Taken, Memory.noError)

    Expect.holds "opened" (not (Invariants.StepHolds(closed, step)))

[<Fact>]
let ``StepHolds sees a step to no lifecycle, a rest nobody is told of and a rest that is none`` () =
    let stepTo next effects =
        LifecycleStep(next, effects, LifecycleVerdict.Taken, Memory.noError)

    let stopped = LifecycleModel(SinkState.Stopped, LifecyclePhase.AtRest, false)
    let hook = LifecycleModel(SinkState.Stopping, LifecyclePhase.StoppedHook, false)
    Expect.holds "the good step" (Invariants.StepHolds(hook, stepTo stopped LifecycleEffects.ComeToRest))

    Expect.holds
        "no lifecycle"
        (not (
            Invariants.StepHolds(hook, stepTo (LifecycleModel(SinkState.Running, LifecyclePhase.AtRest, false)) LifecycleEffects.ComeToRest)
        ))

    Expect.holds "not told" (not (Invariants.StepHolds(hook, stepTo stopped LifecycleEffects.None)))
    Expect.holds "no rest" (not (Invariants.StepHolds(hook, stepTo hook LifecycleEffects.ComeToRest)))
