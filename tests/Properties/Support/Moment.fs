namespace Mvx.Sink.Properties

open Mvx.Sink.Model

/// One command meeting one sink: what was, what was answered, what is.
type Moment =
    {
        Before: SinkModel
        Remembered: Memory
        Command: Command
        /// Whether the command can happen at all. If not, nothing may change.
        Possible: bool
        /// The lifecycle step the command caused; for an event that does not start the sink, a step that changes nothing.
        Step: LifecycleStep
        After: SinkModel
        RemembersNow: Memory
    }

    override this.ToString() =
        $"{this.Before} --{this.Command}--> {this.After} [{this.Step}] remembering {this.RemembersNow}"

module Moment =
    let private stepOf (before: SinkModel) command =
        let start = LifecycleInput.Start

        match command with
        | Command.Input input -> input, before.StepOf input
        | Command.Offer when before.Verdict = AdmissionVerdict.AcceptAndStart -> start, before.StepOf start
        | Command.Offer
        | Command.DispatchSucceeded -> start, LifecycleStep(before.Lifecycle, LifecycleEffects.None, LifecycleVerdict.Taken, Memory.noError)

    let private apply (before: SinkModel) command =
        match command with
        | Command.Offer -> before.Offer()
        | Command.DispatchSucceeded -> before.DispatchSucceeded()
        | Command.Input input -> before.Apply input

    /// Lets a command happen.
    let take (before: SinkModel) memory command =
        let possible = Memory.allows before.Ledger.Pending command memory
        let input, step = stepOf before command

        {
            Before = before
            Remembered = memory
            Command = command
            Possible = possible
            Step = step
            After = apply before command
            RemembersNow = if possible then Memory.after input step memory else memory
        }

    let stateBefore moment = moment.Before.Lifecycle.State
    let stateAfter moment = moment.After.Lifecycle.State

    let changesNothing moment =
        moment.Step.Effects = LifecycleEffects.None
        && moment.Step.Next = moment.Before.Lifecycle
        && moment.After.Lifecycle = moment.Before.Lifecycle
        && moment.After.Ledger = moment.Before.Ledger

    /// The effects a step is to have, exactly.
    let hasExactly effects moment =
        moment.Step.Effects = List.fold (|||) LifecycleEffects.None effects

    let lacks effects moment =
        effects |> List.forall (moment.Step.Has >> not)

    let refusedFor reason moment =
        moment.Step.Verdict = LifecycleVerdict.Refused
        && moment.Step.Reason = reason
        && changesNothing moment
