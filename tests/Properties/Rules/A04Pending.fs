/// A4 Pending counts every accepted event until its dispatch has finished.
module Mvx.Sink.Properties.Rules.A04Pending

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let countsUntilFinished =
    Rule.about "A4" "an accepted event is pending until its dispatch succeeds, fails, or it is handed over" (fun _ -> true) (fun moment ->
        let was, is = moment.Before.Ledger.Pending, moment.After.Ledger.Pending
        let handsOver = moment.Step.Has LifecycleEffects.HandOverUndelivered

        match moment.Command with
        | _ when handsOver -> is = 0L
        | Command.Offer when moment.After.Ledger.Accepted > moment.Before.Ledger.Accepted -> is = was + 1L
        | Command.DispatchSucceeded -> is = was - 1L
        | _ -> is = was)

let rules = [ countsUntilFinished ]

[<Fact>]
let ``A4 An accepted event is pending until it is finished`` () = Rule.holds countsUntilFinished

[<Fact>]
let ``A4 The event in dispatch counts against the limit`` () =
    let sink =
        (History.exampleOn 1L QueueOverflowPolicy.RaiseError [ start; startingHookSucceeds; offer ]
         |> List.last)
            .After

    Expect.holds "the event is in dispatch" sink.CanDispatch
    Expect.equal AdmissionVerdict.Overflow sink.Verdict
    Expect.equal AdmissionVerdict.Accept (sink.DispatchSucceeded().Verdict)
