namespace Mvx.Sink.Model

/// <summary>Who gets in: the admission decision (rules A1–A5) as one pure function.</summary>
[<AbstractClass; Sealed>]
type Admission =

    static member private AtLimit(gate: Gate, policy: QueueOverflowPolicy) : AdmissionDecision =
        match policy with
        | QueueOverflowPolicy.Drop -> AdmissionDecision(gate, AdmissionVerdict.Drop)
        | _ -> AdmissionDecision(gate, AdmissionVerdict.Overflow)

    static member private Start(gate: Gate) : AdmissionDecision =
        let started = Lifecycle.Step(gate.Lifecycle, LifecycleInput.Start).Next
        AdmissionDecision(gate.PlusOne.With started, AdmissionVerdict.AcceptAndStart)

    /// <summary>Decides about one event.</summary>
    /// <param name="gate">The gate now.</param>
    /// <param name="completed">
    /// How many accepted events are known to be finished. An older figure is safe: it can only make the answer stricter, so ask again
    /// with a fresh one before believing that the limit is reached. Fresh means read after the gate it is held against: a figure
    /// read before it proves nothing, since events may have come and gone between the two.
    /// </param>
    /// <param name="limit">The pending limit, at least 1.</param>
    /// <param name="policy">What to do at the limit.</param>
    /// <returns>The verdict and the gate to swap in.</returns>
    static member Offer(gate: Gate, completed: int64, limit: int64, policy: QueueOverflowPolicy) : AdmissionDecision =
        if not gate.Accepts then
            AdmissionDecision(gate, AdmissionVerdict.Refuse)
        elif gate.Accepted - completed >= limit then
            Admission.AtLimit(gate, policy)
        elif gate.State = SinkState.Virgin then
            Admission.Start gate
        else
            AdmissionDecision(gate.PlusOne, AdmissionVerdict.Accept)

    /// <summary>What a verdict means to the caller of <c>TryLog</c>.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <returns>The outcome.</returns>
    static member Outcome(verdict: AdmissionVerdict) : LogOutcome =
        match verdict with
        | AdmissionVerdict.Accept
        | AdmissionVerdict.AcceptAndStart -> LogOutcome.Accepted
        | AdmissionVerdict.Drop -> LogOutcome.Dropped
        | AdmissionVerdict.Overflow -> LogOutcome.QueueFull
        | _ -> LogOutcome.InvalidState
