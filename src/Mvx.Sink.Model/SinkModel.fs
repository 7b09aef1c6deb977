namespace Mvx.Sink.Model

/// <summary>
/// A whole sink without threads, time or events: lifecycle and ledger together. It is what a real sink is compared with: every history
/// of a real sink must be one that this model allows.
/// </summary>
/// <param name="lifecycle">The lifecycle.</param>
/// <param name="ledger">What became of the events so far.</param>
/// <param name="limit">The pending limit.</param>
/// <param name="policy">What happens at the limit.</param>
[<Struct>]
type SinkModel(lifecycle: LifecycleModel, ledger: SinkLedger, limit: int64, policy: QueueOverflowPolicy) =

    /// <summary>A new sink.</summary>
    /// <param name="limit">The pending limit, at least 1.</param>
    /// <param name="policy">What happens at the limit.</param>
    new(limit: int64, policy: QueueOverflowPolicy) = SinkModel(LifecycleModel(0L), SinkLedger(0L, 0L, 0L, 0L, 0L, 0L), limit, policy)

    /// <summary>The lifecycle.</summary>
    member _.Lifecycle: LifecycleModel = lifecycle
    /// <summary>What became of the events so far.</summary>
    member _.Ledger: SinkLedger = ledger
    /// <summary>The pending limit.</summary>
    member _.Limit: int64 = limit
    /// <summary>What happens at the limit.</summary>
    member _.Policy: QueueOverflowPolicy = policy

    /// <summary>Whether an event can be finished now: one is pending and the dispatcher is at work.</summary>
    member _.CanDispatch: bool =
        ledger.Pending > 0L
        && (match lifecycle.Phase with
            | LifecyclePhase.Dispatching
            | LifecyclePhase.Draining
            | LifecyclePhase.DrainingOverBudget
            | LifecyclePhase.EndingDispatcher -> true
            | _ -> false)

    /// <summary>How many of the pending events are in dispatch: one, as soon as there is one. Those cannot be dropped any more.</summary>
    member this.InDispatch: int64 = if this.CanDispatch then 1L else 0L

    member private this.Decision: AdmissionDecision =
        let gate = Gate(lifecycle, ledger.Accepted)
        let finished = ledger.Accepted - ledger.Pending
        let decision = Admission.Offer(gate, finished, limit, policy)

        match decision.Verdict with
        | AdmissionVerdict.MakeRoom -> Admission.MakeRoom(gate, finished + this.InDispatch)
        | _ -> decision

    /// <summary>The verdict on an event offered now.</summary>
    member this.Verdict: AdmissionVerdict = this.Decision.Verdict

    /// <summary>
    /// The sink after an event was offered; the verdict says what became of it. A caller who waits has offered nothing yet: the sink is as it was.
    /// </summary>
    /// <returns>The next model.</returns>
    member this.Offer() : SinkModel =
        let l = ledger
        let decision = this.Decision

        let counted =
            match decision.Verdict with
            | AdmissionVerdict.Wait -> l
            | AdmissionVerdict.Accept
            | AdmissionVerdict.AcceptAndStart -> SinkLedger(l.Accepted + 1L, l.Dropped, l.Rejected, l.Delivered, l.Failed, l.Undelivered)
            // MakeRoom: the oldest goes, the new one comes, so as many are accepted as before.
            | AdmissionVerdict.MakeRoom
            | AdmissionVerdict.Drop -> SinkLedger(l.Accepted, l.Dropped + 1L, l.Rejected, l.Delivered, l.Failed, l.Undelivered)
            | _ -> SinkLedger(l.Accepted, l.Dropped, l.Rejected + 1L, l.Delivered, l.Failed, l.Undelivered)

        SinkModel(decision.Next.Lifecycle, counted, limit, policy)

    /// <summary>The sink after a caller has given up waiting for room.</summary>
    /// <returns>The next model.</returns>
    member _.GiveUpWaiting() : SinkModel =
        let l = ledger
        SinkModel(lifecycle, SinkLedger(l.Accepted, l.Dropped, l.Rejected + 1L, l.Delivered, l.Failed, l.Undelivered), limit, policy)

    /// <summary>The sink after the oldest pending event's dispatch succeeded. Unchanged where none can be dispatched.</summary>
    /// <returns>The next model.</returns>
    member this.DispatchSucceeded() : SinkModel =
        if this.CanDispatch then
            let l = ledger

            let counted =
                SinkLedger(l.Accepted, l.Dropped, l.Rejected, l.Delivered + 1L, l.Failed, l.Undelivered)

            SinkModel(lifecycle, counted, limit, policy)
        else
            this

    /// <summary>Whether an input can happen to a sink in this condition: a dispatch fails only where one runs, a drain ends only when nothing is pending.</summary>
    /// <param name="input">The input.</param>
    /// <returns>True when it can happen.</returns>
    member this.CanHappen(input: LifecycleInput) : bool =
        match input with
        | LifecycleInput.DispatchFailed
        | LifecycleInput.DispatchCancelled -> this.CanDispatch
        | LifecycleInput.Drained ->
            (lifecycle.Phase = LifecyclePhase.Draining
             || lifecycle.Phase = LifecyclePhase.DrainingOverBudget)
            && ledger.Pending = 0L
        | LifecycleInput.DispatcherEnded ->
            lifecycle.Phase = LifecyclePhase.EndingDispatcher
            || (lifecycle.Phase = LifecyclePhase.DrainingOverBudget && ledger.Pending > 0L)
            || (lifecycle.Phase = LifecyclePhase.Draining
                && lifecycle.Closed
                && ledger.Pending > 0L)
        | _ -> Lifecycle.Step(lifecycle, input).Verdict <> LifecycleVerdict.Ignored

    /// <summary>The step of the lifecycle that an input causes.</summary>
    /// <param name="input">The input.</param>
    /// <returns>The step.</returns>
    member _.StepOf(input: LifecycleInput) : LifecycleStep = Lifecycle.Step(lifecycle, input)

    /// <summary>The sink after an input, its events counted as the step's effects say.</summary>
    /// <param name="input">The input.</param>
    /// <returns>The next model.</returns>
    member this.Apply(input: LifecycleInput) : SinkModel =
        let step = Lifecycle.Step(lifecycle, input)

        if not (this.CanHappen input) then
            this
        else
            let l = ledger

            let failed =
                match input with
                | LifecycleInput.DispatchFailed
                | LifecycleInput.DispatchCancelled -> l.Failed + 1L
                | _ -> l.Failed

            let stillPending = l.Pending - (failed - l.Failed)

            let undelivered =
                if step.Has LifecycleEffects.HandOverUndelivered then
                    l.Undelivered + stillPending
                else
                    l.Undelivered

            let counted =
                SinkLedger(l.Accepted, l.Dropped, l.Rejected, l.Delivered, failed, undelivered)

            SinkModel(step.Next, counted, limit, policy)

    /// <summary>Lifecycle and ledger, for a counterexample.</summary>
    override _.ToString() : string =
        $"{lifecycle.ToString()}; {ledger.ToString()}"
