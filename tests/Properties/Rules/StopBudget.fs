/// L6, L14 A stop takes its budget at most: then its token fires, what is not delivered is handed over, and it ends in Failure.
module Mvx.Sink.Properties.Rules.StopBudget

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let spentWhileDraining =
    Rule.onInput
        "L6"
        "a stop whose time is spent while it drains stays Stopping and open; its token fires and the dispatcher is told to end"
        LifecycleInput.BudgetSpent
        (fun moment -> moment.Remembered.DispatcherAtWork)
        (fun moment ->
            Moment.stateAfter moment = SinkState.Stopping
            && moment.RemembersNow.StopIsOpen
            && moment.RemembersNow.DispatcherAtWork
            && moment.RemembersNow.LastError = SinkErrorReason.UnexpectedError
            && moment.After.Ledger = moment.Before.Ledger
            && Moment.hasExactly
                [
                    LifecycleEffects.RecordError
                    LifecycleEffects.FireToken
                    LifecycleEffects.EndDispatcher
                ]
                moment)

let spentInTheHook =
    Rule.onInput
        "L6"
        "a stop whose time is spent in the stopped hook stays Stopping and open; its token fires, and the first error is kept"
        LifecycleInput.BudgetSpent
        (fun moment -> moment.Remembered.Hook = StoppedHook)
        (fun moment ->
            let isFirst = moment.Remembered.LastError = Memory.noError

            Moment.stateAfter moment = SinkState.Stopping
            && moment.RemembersNow.StopIsOpen
            && moment.RemembersNow.Hook = StoppedHook
            && (not isFirst || moment.RemembersNow.LastError = SinkErrorReason.UnexpectedError)
            && moment
               |> Moment.hasExactly
                   [
                       if isFirst then
                           LifecycleEffects.RecordError
                       LifecycleEffects.FireToken
                   ])

let failsWithItsError =
    Rule.about
        "L14"
        "a stop that has an error when it is answered ends in Failure, with every event accounted for"
        (fun moment ->
            moment.Remembered.StopIsOpen
            && not moment.RemembersNow.StopIsOpen
            && moment.RemembersNow.LastError <> Memory.noError)
        (fun moment ->
            Moment.stateAfter moment = SinkState.Failure
            && moment.After.Ledger.Pending = 0L
            && moment.Step.Has LifecycleEffects.CompleteStop)

let givenUpIsNotAsked =
    Rule.onInput
        "L6"
        "a stop that is given up keeps its error, or names what it waited for, and asks nothing of its backend"
        LifecycleInput.GivenUp
        (fun moment -> moment.Remembered.StopIsOpen)
        (fun moment ->
            let was = moment.Remembered.LastError

            Moment.stateAfter moment = SinkState.Failure
            && moment.RemembersNow.LastError <> Memory.noError
            && (was = Memory.noError || moment.RemembersNow.LastError = was)
            && moment.RemembersNow.Hook = NoHook)

let rules =
    [ spentWhileDraining; spentInTheHook; failsWithItsError; givenUpIsNotAsked ]

[<Fact>]
let ``L6 A stop whose time is spent while it drains fires its token and ends the dispatcher`` () = Rule.holds spentWhileDraining

[<Fact>]
let ``L6 A stop whose time is spent in the stopped hook fires its token`` () = Rule.holds spentInTheHook

[<Fact>]
let ``L14 A stop with an error ends in Failure`` () = Rule.holds failsWithItsError

[<Fact>]
let ``L6 A stop that is given up asks nothing of its backend`` () = Rule.holds givenUpIsNotAsked

let private overBudget =
    [ start; startingHookSucceeds; offer; offer; stop; budgetIsSpent ]

let private answers moments =
    moments
    |> List.filter (fun moment -> moment.Step.Has LifecycleEffects.CompleteStop)
    |> List.length

[<Fact>]
let ``L14 A stop over budget hands over what is pending, runs the stopped hook, ends in Failure and is answered once`` () =
    let moments =
        History.example (overBudget @ [ delivered; dispatcherEnds; stoppedHookSucceeds ])

    let last = List.last moments
    Expect.equal SinkState.Failure (Moment.stateAfter last)
    Expect.equal SinkErrorReason.UnexpectedError last.RemembersNow.LastError
    Expect.equal (SinkLedger(2L, 0L, 0L, 1L, 0L, 1L)) last.After.Ledger
    Expect.equal 1 (answers moments)

[<Fact>]
let ``L14 What a dispatch throws after the budget is spent is its event's failure and is reported, not recorded`` () =
    let moments = History.example (overBudget @ [ dispatchFails; stoppedHookSucceeds ])

    let reports =
        moments
        |> List.filter (fun moment -> moment.Step.Has LifecycleEffects.ReportInternalError)

    let last = List.last moments
    Expect.equal [ dispatchFails ] (reports |> List.map _.Command)
    Expect.equal SinkErrorReason.UnexpectedError last.RemembersNow.LastError
    Expect.equal (SinkLedger(2L, 0L, 0L, 0L, 1L, 1L)) last.After.Ledger

[<Fact>]
let ``L6 A stop over budget that drains after all is Stopped without an error`` () =
    let moments =
        History.example (overBudget @ [ delivered; delivered; drained; stoppedHookSucceeds ])

    let last = List.last moments
    Expect.equal SinkState.Stopped (Moment.stateAfter last)
    Expect.equal Memory.noError last.RemembersNow.LastError
    Expect.equal 1 (answers moments)

[<Fact>]
let ``L6 A stop that is given up hands over first and is answered then, once`` () =
    let moments = History.example (overBudget @ [ isGivenUp; handedOver ])
    let last = List.last moments
    Expect.equal SinkState.Failure (Moment.stateAfter last)
    Expect.equal (SinkLedger(2L, 0L, 0L, 0L, 0L, 2L)) last.After.Ledger
    Expect.holds "answered by the end of the hand-over" (last.Step.Has LifecycleEffects.CompleteStop)
    Expect.equal 1 (answers moments)
    Expect.holds "at rest" (Memory.isAtRest last.RemembersNow)

[<Fact>]
let ``L6 A stop within its budget does not know of it`` () =
    let sink = History.sinkAfter [ start; startingHookSucceeds ]
    Expect.holds "no stop is open" (not (sink.CanHappen LifecycleInput.BudgetSpent))
    Expect.equal sink (sink.Apply LifecycleInput.BudgetSpent)
