/// A13 The last places are kept for some events.
module Mvx.Sink.Properties.Rules.A13Reserve

open Mvx.Sink.Model
open Mvx.Sink.Properties
open FsCheck.FSharp
open Xunit

let private cases =
    gen {
        let! limit = Gen.choose64 (1L, 9L)
        let! reserve = Gen.choose64 (0L, limit - 1L)
        let! pending = Gen.choose64 (0L, limit)
        return limit, reserve, pending
    }
    |> Arb.fromGen

let private accepts limit reserve pending isImportant =
    let gate =
        Gate(LifecycleModel(SinkState.Running, LifecyclePhase.Dispatching, false), pending)

    Admission.Offer(gate, 0L, Admission.Limit(limit, reserve, isImportant), QueueOverflowPolicy.Drop).IsAccepted

[<Fact>]
let ``A13 An important event finds every place, an ordinary one all but the kept ones`` () =
    Run.forAll cases (fun (limit, reserve, pending) ->
        Expect.equal (pending < limit) (accepts limit reserve pending true)
        Expect.equal (pending < limit - reserve) (accepts limit reserve pending false))
