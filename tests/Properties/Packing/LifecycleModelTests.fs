/// The lifecycle in one byte.
module Mvx.Sink.Properties.Packing.LifecycleModelTests

open System
open Mvx.Sink.Model
open Mvx.Sink.Properties
open Xunit

[<Fact>]
let ``State, phase and closed flag come back out of the byte they went into`` () =
    for state in Enum.GetValues<SinkState>() do
        for phase in Enum.GetValues<LifecyclePhase>() do
            for closed in [ false; true ] do
                let model = LifecycleModel(state, phase, closed)
                Expect.equal (state, phase, closed) (model.State, model.Phase, model.Closed)
                Expect.holds "one byte" (model.Code >= 0L && model.Code <= 255L)
                Expect.equal model (LifecycleModel model.Code)
                Expect.equal (LifecycleModel(state, phase, true)) model.AsClosed

[<Fact>]
let ``No two lifecycles share a byte`` () =
    let codes =
        [
            for state in Enum.GetValues<SinkState>() do
                for phase in Enum.GetValues<LifecyclePhase>() do
                    for closed in [ false; true ] do
                        LifecycleModel(state, phase, closed).Code
        ]

    Expect.equal (List.length codes) (codes |> List.distinct |> List.length)

[<Fact>]
let ``The layout of the byte is fixed`` () =
    Expect.equal 0L (LifecycleModel(SinkState.Virgin, LifecyclePhase.AtRest, false).Code)
    Expect.equal 0b0010_0_010L (LifecycleModel(SinkState.Running, LifecyclePhase.Dispatching, false).Code)
    Expect.equal 0b1000_1_110L (LifecycleModel(SinkState.Cancelled, LifecyclePhase.CleanUpAfterStart, true).Code)

[<Fact>]
let ``The default lifecycle is a new sink`` () =
    let model = LifecycleModel()
    Expect.equal (LifecycleModel 0L) model
    Expect.equal SinkState.Virgin model.State
    Expect.holds "it is a lifecycle a sink can be in" (Invariants.LifecycleHolds model)

[<Fact>]
let ``A lifecycle prints as state, phase and closed`` () =
    Expect.equal "Running/Dispatching" (string (LifecycleModel(SinkState.Running, LifecyclePhase.Dispatching, false)))
    Expect.equal "Stopped/AtRest/closed" (string (LifecycleModel(SinkState.Stopped, LifecyclePhase.AtRest, true)))
