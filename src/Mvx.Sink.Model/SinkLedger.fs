namespace Mvx.Sink.Model

/// <summary>
/// One snapshot of what became of every event offered to a sink, over its whole life (rule C1):
/// Offered = Accepted + Dropped + Rejected, and Accepted = Delivered + Failed + Undelivered + Pending.
/// </summary>
/// <param name="accepted">Events accepted.</param>
/// <param name="dropped">Events dropped at the pending limit, or by a reentrancy guard.</param>
/// <param name="rejected">Events refused with an error.</param>
/// <param name="delivered">Events whose dispatch succeeded.</param>
/// <param name="failed">Events whose dispatch threw.</param>
/// <param name="undelivered">Events accepted and handed over because the sink ended before their turn.</param>
[<Struct>]
type SinkLedger(accepted: int64, dropped: int64, rejected: int64, delivered: int64, failed: int64, undelivered: int64) =

    /// <summary>Every event a caller offered.</summary>
    member _.Offered: int64 = accepted + dropped + rejected
    /// <summary>Events accepted for delivery, less those that the DropOldest policy dropped afterwards.</summary>
    member _.Accepted: int64 = accepted
    /// <summary>Events dropped because the pending limit was reached (new ones under Drop, waiting ones under DropOldest), or by a reentrancy guard.</summary>
    member _.Dropped: int64 = dropped
    /// <summary>Events refused with an error: the limit under the raising policy, or the wrong state.</summary>
    member _.Rejected: int64 = rejected
    /// <summary>Events whose dispatch succeeded.</summary>
    member _.Delivered: int64 = delivered
    /// <summary>Events whose dispatch threw.</summary>
    member _.Failed: int64 = failed
    /// <summary>Events accepted whose turn never came; they were handed over (rule C2).</summary>
    member _.Undelivered: int64 = undelivered
    /// <summary>Events accepted and not finished yet, the one in dispatch included (rule A4).</summary>
    member _.Pending: int64 = accepted - delivered - failed - undelivered

    /// <summary>All figures on one line, in the order of an event's way.</summary>
    override _.ToString() : string =
        $"offered {accepted + dropped + rejected}, accepted {accepted}, dropped {dropped}, rejected {rejected}, "
        + $"delivered {delivered}, failed {failed}, undelivered {undelivered}, pending {accepted - delivered - failed - undelivered}"
