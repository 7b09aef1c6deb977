/// T7 After the end of its loop a sink starts no more, and refuses with its final state.
module Mvx.Sink.Properties.Rules.T07Closed

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let startIsRefused =
    Rule.onInput
        "T7"
        "Start of a sink whose loop is closed is EventLoopUnavailable, unless it joins a start in progress"
        LifecycleInput.Start
        (fun moment -> moment.Remembered.LoopClosed && Moment.stateBefore moment <> SinkState.Starting)
        (Moment.refusedFor SinkErrorReason.EventLoopUnavailable)

let eventsAreRefused =
    Rule.about
        "T7"
        "a sink at rest on a closed loop refuses events and keeps its state"
        (fun moment ->
            moment.Command = Command.Offer
            && moment.Remembered.LoopClosed
            && Memory.isAtRest moment.Remembered)
        (fun moment ->
            moment.After.Ledger.Rejected = moment.Before.Ledger.Rejected + 1L
            && moment.After.Lifecycle = moment.Before.Lifecycle)

let closesAtRest =
    Rule.onInput
        "T7"
        "Close at rest closes for good; a virgin sink is thereby Stopped, every other state stays"
        LifecycleInput.Close
        (fun _ -> true)
        (fun moment ->
            if Moment.stateBefore moment = SinkState.Virgin then
                Moment.stateAfter moment = SinkState.Stopped
                && Moment.hasExactly [ LifecycleEffects.ComeToRest ] moment
            else
                Moment.stateAfter moment = Moment.stateBefore moment
                && Moment.hasExactly [] moment)

let closedTells =
    Rule.about
        "T7"
        "the model knows that its loop is closed exactly when it was told so, and never forgets it"
        (fun _ -> true)
        (fun moment -> moment.After.Lifecycle.Closed = moment.RemembersNow.LoopClosed)

let rules = [ startIsRefused; eventsAreRefused; closesAtRest; closedTells ]

[<Fact>]
let ``T7 Start after the end of the loop is EventLoopUnavailable`` () = Rule.holds startIsRefused

[<Fact>]
let ``T7 An event offered after the end of the loop is refused with the final state`` () = Rule.holds eventsAreRefused

[<Fact>]
let ``T7 Close at rest closes for good`` () = Rule.holds closesAtRest

[<Fact>]
let ``T7 The model knows whether its loop is closed`` () = Rule.holds closedTells

[<Fact>]
let ``T7 A stopped sink that is closed cannot be started again`` () =
    let moment =
        History.lastOf
            [
                start
                startingHookSucceeds
                stop
                drained
                stoppedHookSucceeds
                close
                start
            ]

    Expect.equal LifecycleVerdict.Refused moment.Step.Verdict
    Expect.equal SinkErrorReason.EventLoopUnavailable moment.Step.Reason

[<Fact>]
let ``T7 A sink at work is not closed by Close`` () =
    let sink = History.sinkAfter [ start; startingHookSucceeds ]
    Expect.holds "a running sink stays open" (not (sink.CanHappen LifecycleInput.Close))
    Expect.equal sink (sink.Apply LifecycleInput.Close)
    Expect.equal LifecycleVerdict.Ignored (sink.StepOf LifecycleInput.Close).Verdict
