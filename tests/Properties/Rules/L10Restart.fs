/// L10 Start after Stopped works any number of times; a successful start clears the last error.
module Mvx.Sink.Properties.Rules.L10Restart

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let clears =
    Rule.about
        "L10"
        "the last error is cleared by a successful start, and by nothing else"
        (fun moment ->
            moment.Step.Has LifecycleEffects.ClearError
            || moment.Step.Has LifecycleEffects.LaunchDispatcher)
        (fun moment ->
            moment.Command = startingHookSucceeds
            && Moment.stateAfter moment = SinkState.Running
            && moment.RemembersNow.LastError = Memory.noError)

let rules = [ clears ]

let private oneLife =
    [
        start
        startingHookSucceeds
        offer
        delivered
        stop
        drained
        stoppedHookSucceeds
    ]

[<Fact>]
let ``L10 A successful start clears the last error`` () = Rule.holds clears

[<Fact>]
let ``L10 A sink lives as often as it is started, and hooks run each time`` () =
    let moments = History.example (List.replicate 5 oneLife |> List.concat)

    let count effect =
        moments |> List.filter (fun moment -> moment.Step.Has effect) |> List.length

    Expect.equal 5 (count LifecycleEffects.RunStartingHook)
    Expect.equal 5 (count LifecycleEffects.ClearError)
    Expect.equal 5 (count LifecycleEffects.RunStoppedHook)
    Expect.equal 5 (count LifecycleEffects.CompleteStop)

[<Fact>]
let ``L10 The ledger goes on over restarts`` () =
    let sink = History.sinkAfter (List.replicate 3 oneLife |> List.concat)
    Expect.equal (SinkLedger(3L, 0L, 0L, 3L, 0L, 0L)) sink.Ledger
