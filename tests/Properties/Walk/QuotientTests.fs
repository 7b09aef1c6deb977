/// Why the walk may fold the counters away: they decide nothing.
module Mvx.Sink.Properties.Walk.QuotientTests

open FsCheck.FSharp
open Mvx.Sink.Model
open Mvx.Sink.Properties
open Xunit

let private plus (l: SinkLedger) (a: int64, b: int64, c: int64) (d: int64, e: int64, f: int64) =
    SinkLedger(l.Accepted + a + b + c, l.Dropped + d, l.Rejected + e, l.Delivered + a, l.Failed + b, l.Undelivered + c + f)

let private shifted by more (sink: SinkModel) =
    SinkModel(sink.Lifecycle, plus sink.Ledger by more, sink.Limit, sink.Policy)

let private figures =
    let small = Gen.choose64 (0L, 1_000_000L)
    Gen.map3 (fun a b c -> a, b, c) small small small

[<Fact>]
let ``A sink decides by its lifecycle and what is pending, not by what happened before`` () =
    let arbitrary = Arb.zip (Arbitraries.history, Arb.fromGen (Gen.zip figures figures))

    Run.forAll arbitrary (fun (history, (by, (dropped, rejected, _))) ->
        let more = dropped, rejected, 0L

        for moment in History.moments history do
            let there =
                Moment.take (shifted by more moment.Before) moment.Remembered moment.Command

            Expect.equal (shifted by more moment.After) there.After
            Expect.equal moment.Step there.Step)
