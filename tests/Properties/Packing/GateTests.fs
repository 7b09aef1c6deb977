/// Lifecycle and count in one word.
module Mvx.Sink.Properties.Packing.GateTests

open FsCheck.FSharp
open Mvx.Sink.Model
open Mvx.Sink.Properties
open Xunit

let private gates = Arb.fromGen (Gen.zip Arbitraries.code Arbitraries.count)

[<Fact>]
let ``Lifecycle and count come back out of the word they went into`` () =
    Run.forAll gates (fun (code, accepted) ->
        let gate = Gate(LifecycleModel code, accepted)
        Expect.equal accepted gate.Accepted
        Expect.equal (LifecycleModel code) gate.Lifecycle
        Expect.equal (LifecycleModel(code).State) gate.State
        Expect.equal gate (Gate gate.Word))

[<Fact>]
let ``One more event leaves the lifecycle alone`` () =
    Run.forAll gates (fun (code, accepted) ->
        Expect.equal (Gate(LifecycleModel code, accepted + 1L)) (Gate(LifecycleModel code, accepted).PlusOne))

[<Fact>]
let ``Another lifecycle leaves the count alone`` () =
    Run.forAll (Arb.zip (gates, Arb.fromGen Arbitraries.code)) (fun ((code, accepted), other) ->
        Expect.equal (Gate(LifecycleModel other, accepted)) (Gate(LifecycleModel code, accepted).With(LifecycleModel other)))

[<Fact>]
let ``A1 Exactly Virgin, Starting and Running accept, whatever else is in the word`` () =
    Run.forAll gates (fun (code, accepted) ->
        let gate = Gate(LifecycleModel code, accepted)

        let expected =
            match gate.State with
            | SinkState.Virgin
            | SinkState.Starting
            | SinkState.Running -> true
            | _ -> false

        Expect.equal expected gate.Accepts)

[<Fact>]
let ``The default gate is a new sink that has accepted nothing`` () =
    let gate = Gate()
    Expect.equal 0L gate.Word
    Expect.equal 0L gate.Accepted
    Expect.equal (LifecycleModel()) gate.Lifecycle
    Expect.equal "Virgin/AtRest, 0 accepted" (string gate)

[<Fact>]
let ``The layout of the word is fixed`` () =
    Expect.equal 0x0522L (Gate(LifecycleModel(SinkState.Running, LifecyclePhase.Dispatching, false), 5L).Word)

[<Fact>]
let ``The count has all of its 56 bits`` () =
    let last = (1L <<< 56) - 1L
    Expect.equal last (Gate(LifecycleModel(), last).Accepted)
    Expect.equal last (Gate(LifecycleModel(), last - 1L).PlusOne.Accepted)
