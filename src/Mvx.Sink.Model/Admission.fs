namespace Mvx.Sink.Model

open System.Runtime.CompilerServices

/// <summary>Who gets in: the admission decision (rules A1–A5) as one pure function.</summary>
[<AbstractClass; Sealed>]
type Admission =

    /// <summary>The verdict on an event that comes when the limit is reached.</summary>
    /// <param name="policy">What to do at the limit.</param>
    /// <returns>Drop, MakeRoom, Wait or Overflow.</returns>
    static member AtLimit(policy: QueueOverflowPolicy) : AdmissionVerdict =
        match policy with
        | QueueOverflowPolicy.Drop -> AdmissionVerdict.Drop
        | QueueOverflowPolicy.DropOldest -> AdmissionVerdict.MakeRoom
        | QueueOverflowPolicy.Wait -> AdmissionVerdict.Wait
        | _ -> AdmissionVerdict.Overflow

    static member private Start(gate: Gate) : AdmissionDecision =
        let started = Lifecycle.Step(gate.Lifecycle, LifecycleInput.Start).Next
        AdmissionDecision(gate.PlusOne.With started, AdmissionVerdict.AcceptAndStart)

    /// <summary>Whether an event comes when the limit is reached: the state accepts events, and as many are pending as may be.</summary>
    /// <param name="gate">The gate now.</param>
    /// <param name="completed">
    /// How many accepted events are known to be finished. An older figure is safe: it can only make the answer stricter, so ask again
    /// with a fresh one before believing that the limit is reached. Fresh means read after the gate it is held against: a figure
    /// read before it proves nothing, since events may have come and gone between the two.
    /// </param>
    /// <param name="limit">The pending limit, at least 1.</param>
    /// <returns>Whether the verdict is what <c>AtLimit</c> says of the policy.</returns>
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    static member IsAtLimit(gate: Gate, completed: int64, limit: int64) : bool =
        gate.Accepted - completed >= limit && gate.Accepts

    /// <summary>Whether an event is simply let in: the limit is not reached, and the state is Starting or Running.</summary>
    /// <param name="gate">The gate now.</param>
    /// <param name="completed">How many accepted events are known to be finished, as for <c>IsAtLimit</c>.</param>
    /// <param name="limit">The pending limit, at least 1.</param>
    /// <returns>Whether the verdict is Accept; the gate to swap in is then this one plus one.</returns>
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    static member Admits(gate: Gate, completed: int64, limit: int64) : bool =
        gate.Accepted - completed < limit
        && gate.Accepts
        && gate.State <> SinkState.Virgin

    /// <summary>Decides about one event.</summary>
    /// <param name="gate">The gate now.</param>
    /// <param name="completed">How many accepted events are known to be finished, as for <c>IsAtLimit</c>.</param>
    /// <param name="limit">The pending limit, at least 1.</param>
    /// <param name="policy">What to do at the limit.</param>
    /// <returns>The verdict and the gate to swap in.</returns>
    static member Offer(gate: Gate, completed: int64, limit: int64, policy: QueueOverflowPolicy) : AdmissionDecision =
        if Admission.Admits(gate, completed, limit) then
            AdmissionDecision(gate.PlusOne, AdmissionVerdict.Accept)
        elif Admission.IsAtLimit(gate, completed, limit) then
            AdmissionDecision(gate, Admission.AtLimit policy)
        elif gate.Accepts then
            Admission.Start gate
        else
            AdmissionDecision(gate, AdmissionVerdict.Refuse)

    /// <summary>What is to be done about a verdict of MakeRoom: an event that is in dispatch cannot be dropped any more.</summary>
    /// <param name="gate">The gate now.</param>
    /// <param name="taken">How many accepted events have left the queue: into dispatch, or dropped.</param>
    /// <returns>MakeRoom: swap the gate in and drop the oldest that waits, both or neither. Drop: none waits, so the new one is dropped.</returns>
    static member MakeRoom(gate: Gate, taken: int64) : AdmissionDecision =
        if gate.Accepted > taken then
            AdmissionDecision(gate.PlusOne, AdmissionVerdict.MakeRoom)
        else
            AdmissionDecision(gate, AdmissionVerdict.Drop)

    /// <summary>What becomes of a verdict when the caller cannot wait, or has waited for as long as it may.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <returns>Overflow in place of Wait; any other as it is.</returns>
    static member WithoutWaiting(verdict: AdmissionVerdict) : AdmissionVerdict =
        match verdict with
        | AdmissionVerdict.Wait -> AdmissionVerdict.Overflow
        | other -> other

    /// <summary>The pending limit that holds for an event, where the last places are kept for some.</summary>
    /// <param name="limit">The sink's pending limit.</param>
    /// <param name="reserve">How many of its places are kept; below the limit.</param>
    /// <param name="mayUseReserve">Whether they are kept for this event.</param>
    /// <returns>The limit to offer the event under.</returns>
    static member Limit(limit: int64, reserve: int64, mayUseReserve: bool) : int64 =
        if mayUseReserve then limit else limit - reserve

    /// <summary>What a verdict means to the caller of <c>TryLog</c>.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <returns>The outcome.</returns>
    static member Outcome(verdict: AdmissionVerdict) : LogOutcome =
        match verdict with
        | AdmissionVerdict.Accept
        | AdmissionVerdict.AcceptAndStart -> LogOutcome.Accepted
        | AdmissionVerdict.Drop
        | AdmissionVerdict.MakeRoom -> LogOutcome.Dropped
        | AdmissionVerdict.Overflow
        | AdmissionVerdict.Wait -> LogOutcome.QueueFull
        | _ -> LogOutcome.InvalidState
