/// W1, P1 Every handle is answered once, and one thing at a time runs on the loop.
module Mvx.Sink.Properties.Rules.Handles

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let completesWhatIsOpen =
    Rule.about "W1" "a start or a stop is completed once, and only while it is open" (fun _ -> true) (fun moment ->
        (moment.Remembered.StartIsOpen
         || not (moment.Step.Has LifecycleEffects.CompleteStart))
        && (moment.Remembered.StopIsOpen
            || not (moment.Step.Has LifecycleEffects.CompleteStop)))

let leavesNoneOpen =
    Rule.about "W1" "at rest no start and no stop is open" (fun moment -> Memory.isAtRest moment.RemembersNow) (fun moment ->
        not moment.RemembersNow.StartIsOpen && not moment.RemembersNow.StopIsOpen)

let successMeansNoError =
    Rule.about
        "W1"
        "a handle completes with success exactly when there is no last error"
        (fun moment ->
            moment.Step.Has LifecycleEffects.CompleteStart
            || moment.Step.Has LifecycleEffects.CompleteStop)
        (fun moment ->
            let succeeded =
                if moment.Step.Has LifecycleEffects.CompleteStart then
                    SinkState.Running
                else
                    SinkState.Stopped

            (moment.Step.Next.State = succeeded) = (moment.RemembersNow.LastError = Memory.noError))

let oneAtATime =
    Rule.about "P1" "hooks and dispatcher never run beside one another" (fun _ -> true) (fun moment ->
        not (moment.RemembersNow.DispatcherAtWork && moment.RemembersNow.Hook <> NoHook))

let askedOnlyWhenFree =
    Rule.about
        "P1"
        "a hook or the dispatcher is asked for only at rest, or by the answer of what ran before"
        (fun moment ->
            moment
            |> Moment.lacks
                [
                    LifecycleEffects.RunStartingHook
                    LifecycleEffects.RunStoppedHook
                    LifecycleEffects.LaunchDispatcher
                ]
            |> not)
        (fun moment -> Memory.isAtRest moment.Remembered || List.contains moment.Command answers)

let phaseTellsWhatRuns =
    Rule.about "P1" "the phase tells what is at work" (fun _ -> true) (fun moment ->
        let hook, dispatcher =
            match moment.After.Lifecycle.Phase with
            | LifecyclePhase.AtRest -> NoHook, false
            | LifecyclePhase.StartingHook -> StartingHook, false
            | LifecyclePhase.Dispatching
            | LifecyclePhase.Draining
            | LifecyclePhase.EndingDispatcher -> NoHook, true
            | _ -> StoppedHook, false

        (moment.RemembersNow.Hook, moment.RemembersNow.DispatcherAtWork) = (hook, dispatcher))

let answersAreTaken =
    Rule.about "P1" "every answer that can come is taken, and every request is answered" (fun _ -> true) (fun moment ->
        match moment.Command with
        | Command.Input(LifecycleInput.Start | LifecycleInput.Stop) ->
            moment.Step.Verdict <> LifecycleVerdict.Taken
            && moment.Step.Verdict <> LifecycleVerdict.Ignored
        | Command.Offer -> moment.Step.Verdict <> LifecycleVerdict.Ignored
        | _ -> moment.Step.Verdict = LifecycleVerdict.Taken)

let rules =
    [
        completesWhatIsOpen
        leavesNoneOpen
        successMeansNoError
        oneAtATime
        askedOnlyWhenFree
        phaseTellsWhatRuns
        answersAreTaken
    ]

[<Fact>]
let ``W1 A handle is completed once and only while it is open`` () = Rule.holds completesWhatIsOpen

[<Fact>]
let ``W1 At rest no handle is open`` () = Rule.holds leavesNoneOpen

[<Fact>]
let ``W1 A handle completes with success exactly when there is no last error`` () = Rule.holds successMeansNoError

[<Fact>]
let ``P1 Hooks and dispatcher never run beside one another`` () = Rule.holds oneAtATime

[<Fact>]
let ``P1 A hook or the dispatcher is asked for only when the loop is free`` () = Rule.holds askedOnlyWhenFree

[<Fact>]
let ``P1 The phase tells what is at work`` () = Rule.holds phaseTellsWhatRuns

[<Fact>]
let ``P1 Every answer that can come is taken`` () = Rule.holds answersAreTaken
