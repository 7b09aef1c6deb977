/// C1 Every event is accounted for at every instant.
module Mvx.Sink.Properties.Rules.C01Conservation

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let ledgerHolds =
    Rule.about "C1" "the ledger is whole, and no figure goes back" (fun _ -> true) (fun moment ->
        let l = moment.After.Ledger

        Invariants.LedgerHolds(l, moment.After.Limit)
        && Invariants.LedgerGrows(moment.Before.Ledger, l)
        && l.Offered = l.Accepted + l.Dropped + l.Rejected
        && l.Accepted = l.Delivered + l.Failed + l.Undelivered + l.Pending)

/// What a command adds to the ledger: accepted, dropped, rejected, delivered, failed, undelivered.
let private expectedChange moment =
    let l = moment.Before.Ledger

    let handedOver pending =
        if moment.Step.Has LifecycleEffects.HandOverUndelivered then
            pending
        else
            0L

    match moment.Command with
    | Command.Offer ->
        match Admission.Outcome moment.Before.Verdict with
        | _ when moment.Before.Verdict = AdmissionVerdict.Wait -> 0L, 0L, 0L, 0L, 0L, 0L
        | LogOutcome.Accepted -> 1L, 0L, 0L, 0L, 0L, 0L
        | LogOutcome.Dropped -> 0L, 1L, 0L, 0L, 0L, 0L
        | _ -> 0L, 0L, 1L, 0L, 0L, 0L
    | Command.DispatchSucceeded -> 0L, 0L, 0L, 1L, 0L, 0L
    | Command.Input(LifecycleInput.DispatchFailed | LifecycleInput.DispatchCancelled) -> 0L, 0L, 0L, 0L, 1L, handedOver (l.Pending - 1L)
    | Command.Input _ -> 0L, 0L, 0L, 0L, 0L, handedOver l.Pending

let everyEventIsCounted =
    Rule.about "C1" "each command adds to the ledger exactly the events it is about" (fun _ -> true) (fun moment ->
        let was, is = moment.Before.Ledger, moment.After.Ledger

        (is.Accepted - was.Accepted,
         is.Dropped - was.Dropped,
         is.Rejected - was.Rejected,
         is.Delivered - was.Delivered,
         is.Failed - was.Failed,
         is.Undelivered - was.Undelivered)
            =
            expectedChange moment)

let pendingHasSomeoneToTurnTo =
    Rule.about
        "C1"
        "events are pending only while a start is in progress or a dispatcher is at work; at rest none is"
        (fun moment -> moment.After.Ledger.Pending > 0L)
        (fun moment ->
            (moment.RemembersNow.Hook = StartingHook || moment.RemembersNow.DispatcherAtWork)
            && Invariants.RestHolds(moment.After.Lifecycle, moment.After.Ledger))

let dispatchNeedsADispatcher =
    Rule.about
        "C1"
        "an event can be finished exactly while the dispatcher is at work and an event is pending"
        (fun _ -> true)
        (fun moment -> moment.After.CanDispatch = (moment.RemembersNow.DispatcherAtWork && moment.After.Ledger.Pending > 0L))

let rules =
    [
        ledgerHolds
        everyEventIsCounted
        pendingHasSomeoneToTurnTo
        dispatchNeedsADispatcher
    ]

[<Fact>]
let ``C1 The ledger is whole at every instant and never goes back`` () = Rule.holds ledgerHolds

[<Fact>]
let ``C1 Each command adds to the ledger exactly the events it is about`` () = Rule.holds everyEventIsCounted

[<Fact>]
let ``C1 Events are pending only while someone will turn to them`` () = Rule.holds pendingHasSomeoneToTurnTo

[<Fact>]
let ``C1 An event can be finished exactly while a dispatcher is at work`` () = Rule.holds dispatchNeedsADispatcher

[<Fact>]
let ``C1 One sink's whole life adds up`` () =
    let sink =
        History.sinkAfter
            [
                offer
                offer
                offer
                startingHookSucceeds
                delivered
                offer
                stop
                offer
                dispatchFails
                offer
                stoppedHookFails
                offer
            ]

    Expect.equal (SinkLedger(3L, 0L, 4L, 1L, 1L, 1L)) sink.Ledger
    Expect.equal 7L sink.Ledger.Offered
    Expect.equal 0L sink.Ledger.Pending
