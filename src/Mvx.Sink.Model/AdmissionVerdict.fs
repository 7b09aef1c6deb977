namespace Mvx.Sink.Model

/// <summary>What the gate decides about one offered event.</summary>
type AdmissionVerdict =
    /// <summary>Accepted; the gate's former count is the event's ticket.</summary>
    | Accept = 0
    /// <summary>Accepted by a virgin sink, which is thereby starting.</summary>
    | AcceptAndStart = 1
    /// <summary>At the limit: dropped.</summary>
    | Drop = 2
    /// <summary>At the limit: rejected.</summary>
    | Overflow = 3
    /// <summary>The state does not accept events.</summary>
    | Refuse = 4
    /// <summary>At the limit: the oldest waiting event is to be dropped, and this one accepted in its place.</summary>
    | MakeRoom = 5
    /// <summary>At the limit: the caller is to wait until there is room, and offer the event again.</summary>
    | Wait = 6

/// <summary>The gate's decision about one offered event.</summary>
/// <param name="next">The gate if the event is accepted, else the gate as it was.</param>
/// <param name="verdict">The verdict.</param>
[<Struct>]
type AdmissionDecision(next: Gate, verdict: AdmissionVerdict) =

    /// <summary>The gate to swap in. It equals the old one unless the event is accepted, in a free place or in that of the oldest.</summary>
    member _.Next: Gate = next
    /// <summary>The verdict.</summary>
    member _.Verdict: AdmissionVerdict = verdict

    /// <summary>Whether the event is accepted.</summary>
    member _.IsAccepted: bool = verdict <= AdmissionVerdict.AcceptAndStart
