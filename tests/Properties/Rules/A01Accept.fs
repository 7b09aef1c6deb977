/// A1 Virgin (which starts the sink), Starting and Running accept.
module Mvx.Sink.Properties.Rules.A01Accept

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let accepts =
    Rule.about
        "A1"
        "below the limit Virgin accepts and starts, Starting and Running accept"
        (fun moment ->
            moment.Command = Command.Offer
            && moment.Before.Ledger.Pending < moment.Before.Limit
            && Moment.stateBefore moment <= SinkState.Running)
        (fun moment ->
            let expected =
                if Moment.stateBefore moment = SinkState.Virgin then
                    AdmissionVerdict.AcceptAndStart, SinkState.Starting
                else
                    AdmissionVerdict.Accept, Moment.stateBefore moment

            (moment.Before.Verdict, Moment.stateAfter moment) = expected
            && moment.After.Ledger.Accepted = moment.Before.Ledger.Accepted + 1L)

let eventsMoveNothingElse =
    Rule.about
        "A1"
        "an event changes the lifecycle only where it starts a virgin sink"
        (fun moment ->
            (moment.Command = Command.Offer && Moment.stateBefore moment <> SinkState.Virgin)
            || moment.Command = Command.DispatchSucceeded)
        (fun moment -> moment.After.Lifecycle = moment.Before.Lifecycle)

let rules = [ accepts; eventsMoveNothingElse ]

[<Fact>]
let ``A1 Virgin, Starting and Running accept`` () = Rule.holds accepts

[<Fact>]
let ``A1 An event changes the lifecycle only where it starts a virgin sink`` () = Rule.holds eventsMoveNothingElse

[<Fact>]
let ``A1 The first event starts a virgin sink as Start does`` () =
    let byEvent = History.lastOf [ offer ]
    let byStart = History.lastOf [ start ]
    Expect.equal AdmissionVerdict.AcceptAndStart byEvent.Before.Verdict
    Expect.equal byStart.After.Lifecycle byEvent.After.Lifecycle
    Expect.equal byStart.Step.Effects byEvent.Step.Effects

[<Fact>]
let ``A1 Events offered while starting are buffered and delivered once the sink runs`` () =
    let buffered = History.sinkAfter [ start; offer; offer ]
    Expect.equal 2L buffered.Ledger.Pending
    Expect.holds "nothing is dispatched before the starting hook has returned" (not buffered.CanDispatch)

    let sink =
        History.sinkAfter [ start; offer; offer; startingHookSucceeds; delivered; delivered ]

    Expect.equal 2L sink.Ledger.Delivered
