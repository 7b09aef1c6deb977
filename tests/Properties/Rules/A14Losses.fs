/// A14 Losses are told of where they are.
module Mvx.Sink.Properties.Rules.A14Losses

open Mvx.Sink.Model
open Mvx.Sink.Properties
open FsCheck.FSharp
open Xunit

/// A queue as the losses see it.
type private Queue =
    {
        Accepted: int64
        Taken: int64
        Log: LossLog
        /// The same in the plainest way: each event, accepted or lost, in the order it came.
        Line: char list
        Told: char list
    }

let private empty =
    {
        Accepted = 0L
        Taken = 0L
        Log = LossLog.Empty
        Line = []
        Told = []
    }

let private tell queue =
    let due = queue.Log.Due queue.Taken

    { queue with
        Log = queue.Log.After queue.Taken
        Told = queue.Told @ List.replicate (int due) 'x'
    }

let private step queue act =
    match act with
    | 'a' ->
        { queue with
            Accepted = queue.Accepted + 1L
            Line = queue.Line @ [ 'a' ]
        }
    | 'd' ->
        { queue with
            Log = queue.Log.Note(queue.Accepted, 1L, queue.Taken)
            Line = queue.Line @ [ 'x' ]
        }
    | _ when queue.Accepted = queue.Taken -> tell queue
    | 'e' ->
        // The oldest that waits is lost: it becomes part of the gap before the next.
        let oldest = queue.Line |> List.findIndex ((=) 'a')

        { queue with
            Taken = queue.Taken + 1L
            Log = queue.Log.Note(queue.Taken + 1L, 1L, queue.Taken + 1L)
            Line = List.updateAt oldest 'x' queue.Line
        }
    | _ ->
        let told = tell queue
        let taken = told.Line |> List.findIndex ((=) 'a')

        { told with
            Taken = told.Taken + 1L
            Told = told.Told @ [ 'a' ]
            Line = List.skip (taken + 1) told.Line
        }

let private acts = Gen.elements [ 'a'; 'd'; 'e'; 't' ] |> Gen.listOf |> Arb.fromGen

let private plain (told: char list) = System.String(Array.ofList told)

[<Fact>]
let ``A14 What is told is what was offered, losses at their places`` () =
    Run.forAll acts (fun acts ->
        let told = List.scan step empty acts

        for before, act, after in List.zip3 (List.take acts.Length told) acts (List.tail told) do
            if act = 't' then
                let expected =
                    match before.Line |> List.tryFindIndex ((=) 'a') with
                    | Some next -> List.take (next + 1) before.Line
                    | None -> before.Line

                // Losses with nothing accepted behind them are told and stay in the plain line.
                let said = after.Told |> List.skip before.Told.Length |> plain
                Expect.holds $"{plain expected} ends in {said}" ((plain expected).EndsWith(said, System.StringComparison.Ordinal)))

[<Fact>]
let ``A14 No loss is forgotten or told twice`` () =
    Run.forAll acts (fun acts ->
        let last = List.fold step empty acts
        let lost = acts |> List.filter ((=) 'd') |> List.length
        let told = last.Told |> List.filter ((=) 'x') |> List.length

        let evicted =
            List.scan step empty acts
            |> List.pairwise
            |> List.zip acts
            |> List.filter (fun (act, (before, after)) -> act = 'e' && after.Taken > before.Taken)
            |> List.length

        Expect.equal (int64 (lost + evicted)) (int64 told + last.Log.Total))

[<Fact>]
let ``A14 There are never more gaps than places for them`` () =
    Run.forAll acts (fun acts ->
        for queue in List.scan step empty acts do
            Expect.holds $"{queue.Log}" (int64 queue.Log.Gaps <= queue.Accepted - queue.Taken + 1L))

[<Fact>]
let ``A14 Nothing due leaves the log as it is`` () =
    let log = LossLog.Empty.Note(7L, 2L, 3L)
    Expect.equal 0L (log.Due 6L)
    Expect.equal 2L (log.After(6L).Total)
    Expect.equal 2L (log.Due 7L)
    Expect.holds "told" (log.After(7L).IsEmpty)
    Expect.equal "2 before 7" (log.ToString())
