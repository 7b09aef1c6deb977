namespace Mvx.Sink.Model

/// <summary>What always holds. Tests, the verification kit and the shell's debug assertions ask the same predicates.</summary>
[<AbstractClass; Sealed>]
type Invariants =

    /// <summary>No figure is negative, and no more is pending than the limit allows (rules A5, C1).</summary>
    /// <param name="ledger">A snapshot.</param>
    /// <param name="limit">The pending limit.</param>
    /// <returns>True when it holds.</returns>
    static member LedgerHolds(ledger: SinkLedger, limit: int64) : bool =
        ledger.Accepted >= 0L
        && ledger.Dropped >= 0L
        && ledger.Rejected >= 0L
        && ledger.Delivered >= 0L
        && ledger.Failed >= 0L
        && ledger.Undelivered >= 0L
        && ledger.Pending >= 0L
        && ledger.Pending <= limit
        && ledger.Offered = ledger.Accepted + ledger.Dropped + ledger.Rejected
        && ledger.Accepted = ledger.Delivered + ledger.Failed + ledger.Undelivered + ledger.Pending

    /// <summary>No counter of a sink ever goes back, and nothing that was finished becomes pending again.</summary>
    /// <param name="earlier">A snapshot.</param>
    /// <param name="later">A snapshot of the same sink taken after it.</param>
    /// <returns>True when it holds.</returns>
    static member LedgerGrows(earlier: SinkLedger, later: SinkLedger) : bool =
        later.Offered >= earlier.Offered
        && later.Accepted >= earlier.Accepted
        && later.Dropped >= earlier.Dropped
        && later.Rejected >= earlier.Rejected
        && later.Delivered >= earlier.Delivered
        && later.Failed >= earlier.Failed
        && later.Undelivered >= earlier.Undelivered

    /// <summary>State and phase fit each other.</summary>
    /// <param name="model">A lifecycle.</param>
    /// <returns>True when it is one that a sink can be in.</returns>
    static member LifecycleHolds(model: LifecycleModel) : bool =
        match model.State, model.Phase with
        | SinkState.Virgin, LifecyclePhase.AtRest -> not model.Closed
        | SinkState.Starting, LifecyclePhase.StartingHook -> true
        | SinkState.Running, LifecyclePhase.Dispatching -> not model.Closed
        | SinkState.Stopping, LifecyclePhase.Draining
        | SinkState.Stopping, LifecyclePhase.DrainingOverBudget
        | SinkState.Stopping, LifecyclePhase.StoppedHook
        | SinkState.Stopping, LifecyclePhase.StoppedHookAfterFailure -> true
        | SinkState.Stopped, LifecyclePhase.AtRest -> true
        | SinkState.Failure, LifecyclePhase.AtRest
        | SinkState.Failure, LifecyclePhase.HandingOver
        | SinkState.Failure, LifecyclePhase.CleanUp -> true
        | SinkState.Cancelled, LifecyclePhase.AtRest
        | SinkState.Cancelled, LifecyclePhase.CleanUp -> true
        | SinkState.Cancelled, LifecyclePhase.HandingOver
        | SinkState.Cancelled, LifecyclePhase.EndingDispatcher
        | SinkState.Cancelled, LifecyclePhase.CleanUpAfterStart -> model.Closed
        | _ -> false

    /// <summary>Whether the lifecycle waits for a caller only: no hook and no dispatcher runs.</summary>
    /// <param name="model">A lifecycle.</param>
    /// <returns>True at rest.</returns>
    static member IsAtRest(model: LifecycleModel) : bool = model.Phase = LifecyclePhase.AtRest

    /// <summary>Whether the state is one that a sink never leaves (rule L11).</summary>
    /// <param name="state">A state.</param>
    /// <returns>True for Failure and Cancelled.</returns>
    static member IsTerminal(state: SinkState) : bool =
        state = SinkState.Failure || state = SinkState.Cancelled

    /// <summary>A step keeps terminal states, keeps a closed loop closed, and leads to a lifecycle that holds (rules L11, T7).</summary>
    /// <param name="before">The lifecycle before.</param>
    /// <param name="step">The step taken from it.</param>
    /// <returns>True when it holds.</returns>
    static member StepHolds(before: LifecycleModel, step: LifecycleStep) : bool =
        let comesToRest =
            Invariants.IsAtRest step.Next
            && (not (Invariants.IsAtRest before) || before.State <> step.Next.State)

        Invariants.LifecycleHolds step.Next
        && (not (Invariants.IsTerminal before.State) || step.Next.State = before.State)
        && (not before.Closed || step.Next.Closed)
        && step.Has LifecycleEffects.ComeToRest = comesToRest

    /// <summary>At rest nothing is pending unless the sink is still virgin, and then nothing was accepted (rule C1).</summary>
    /// <param name="model">A lifecycle.</param>
    /// <param name="ledger">A snapshot taken while it was that lifecycle.</param>
    /// <returns>True when it holds.</returns>
    static member RestHolds(model: LifecycleModel, ledger: SinkLedger) : bool =
        not (Invariants.IsAtRest model) || ledger.Pending = 0L
