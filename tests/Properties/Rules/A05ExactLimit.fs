/// A5 The limit is exact.
module Mvx.Sink.Properties.Rules.A05ExactLimit

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let neverExceeded =
    Rule.about "A5" "no more is pending than the limit" (fun _ -> true) (fun moment -> moment.After.Ledger.Pending <= moment.After.Limit)

let neverEarly =
    Rule.about
        "A5"
        "an event is dropped or rejected for the limit only when the limit is reached"
        (fun moment ->
            moment.Command = Command.Offer
            && List.contains moment.Before.Verdict [ AdmissionVerdict.Drop; AdmissionVerdict.Overflow ])
        (fun moment -> moment.Before.Ledger.Pending = moment.Before.Limit)

let rules = [ neverExceeded; neverEarly ]

[<Fact>]
let ``A5 No more is pending than the limit`` () = Rule.holds neverExceeded

[<Fact>]
let ``A5 No event is turned away before the limit is reached`` () = Rule.holds neverEarly

[<Fact>]
let ``A5 A sink takes exactly its limit of events before it is full`` () =
    for limit in 1L .. 20L do
        for policy in [ QueueOverflowPolicy.RaiseError; QueueOverflowPolicy.Drop ] do
            let sink =
                (History.exampleOn limit policy (List.replicate (int limit + 3) offer)
                 |> List.last)
                    .After

            Expect.equal limit sink.Ledger.Accepted
            Expect.equal 3L (sink.Ledger.Dropped + sink.Ledger.Rejected)
