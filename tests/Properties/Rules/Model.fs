/// What holds of every moment whatever the rule: impossible commands and refusals change nothing, and the model's own invariants hold.
module Mvx.Sink.Properties.Rules.Model

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Xunit

let impossibleIsHarmless =
    {
        Id = "model"
        Says = "a command that cannot happen changes nothing"
        When = fun moment -> not moment.Possible
        Then =
            fun moment ->
                moment.After.Lifecycle = moment.Before.Lifecycle
                && moment.After.Ledger = moment.Before.Ledger
    }

let knowsWhatCanHappen =
    {
        Id = "model"
        Says = "the model knows which inputs can happen and which event can be finished"
        When = fun _ -> true
        Then =
            fun moment ->
                match moment.Command with
                | Command.Input input -> moment.Before.CanHappen input = moment.Possible
                | Command.DispatchSucceeded -> moment.Before.CanDispatch = moment.Possible
                | Command.Offer -> moment.Possible
    }

let idleStepsAreIdle =
    {
        Id = "model"
        Says = "a step that refuses, joins or ignores has no effect and keeps the lifecycle"
        When = fun moment -> moment.Step.Verdict >= LifecycleVerdict.Joined
        Then =
            fun moment ->
                moment.Step.Effects = LifecycleEffects.None
                && moment.Step.Next = moment.Before.Lifecycle
                && (moment.Step.Verdict = LifecycleVerdict.Refused
                    || moment.Step.Reason = Memory.noError)
    }

let invariantsHold =
    {
        Id = "model"
        Says = "the model's own invariants hold"
        When = fun moment -> moment.Possible
        Then =
            fun moment ->
                Invariants.LifecycleHolds moment.After.Lifecycle
                && Invariants.StepHolds(moment.Before.Lifecycle, moment.Step)
                && Invariants.LedgerHolds(moment.After.Ledger, moment.After.Limit)
                && Invariants.LedgerGrows(moment.Before.Ledger, moment.After.Ledger)
                && Invariants.RestHolds(moment.After.Lifecycle, moment.After.Ledger)
                && Invariants.IsAtRest moment.After.Lifecycle = Memory.isAtRest moment.RemembersNow
    }

let settingsStay =
    {
        Id = "model"
        Says = "a sink keeps its limit and its policy, and takes the step it announced"
        When = fun moment -> moment.Possible
        Then =
            fun moment ->
                moment.After.Limit = moment.Before.Limit
                && moment.After.Policy = moment.Before.Policy
                && moment.After.Lifecycle = moment.Step.Next
    }

let rules =
    [
        impossibleIsHarmless
        knowsWhatCanHappen
        idleStepsAreIdle
        invariantsHold
        settingsStay
    ]

[<Fact>]
let ``A command that cannot happen changes nothing`` () = Rule.holds impossibleIsHarmless

[<Fact>]
let ``The model knows what can happen`` () = Rule.holds knowsWhatCanHappen

[<Fact>]
let ``A refusal changes nothing`` () = Rule.holds idleStepsAreIdle

[<Fact>]
let ``The invariants hold after every command`` () = Rule.holds invariantsHold

[<Fact>]
let ``A sink keeps its limit and its policy`` () = Rule.holds settingsStay
