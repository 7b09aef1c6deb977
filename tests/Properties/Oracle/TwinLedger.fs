namespace Mvx.Sink.Properties.Oracle

open Mvx.Sink.Model

/// What a twin has counted.
module TwinLedger =
    let private count fate twin =
        twin.Fates |> List.filter ((=) fate) |> List.length |> int64

    /// The number of accepted events that were not dropped again.
    let private kept twin = twin.Accepted - twin.Evicted.Count

    let ledger twin =
        SinkLedger(
            int64 (kept twin),
            int64 (twin.Dropped + twin.Evicted.Count),
            int64 twin.Rejected,
            count WasDelivered twin,
            count HasFailed twin,
            count WasHandedOver twin
        )

    let finished twin =
        List.length twin.Fates + twin.Evicted.Count

    /// How many events have left the queue: those behind them wait in it.
    let taken twin = twin.Accepted - twin.Waits.Length

    /// Nothing is in dispatch: what has left the queue is finished.
    let settle twin = { twin with Settled = taken twin }

    /// Whether the first events are finished, as far as a flush is told. Where events in the middle may be dropped that is found out when nothing is in dispatch.
    let isFlushed accepted twin =
        match twin.Policy with
        | QueueOverflowPolicy.DropOldest -> twin.Settled >= accepted
        | _ -> finished twin >= accepted

    /// What became of the first events.
    let report accepted twin =
        let dropped =
            twin.Evicted |> Set.filter (fun place -> place < accepted) |> Set.count

        let first = twin.Fates |> List.rev |> List.truncate (accepted - dropped)

        let count fate =
            first |> List.filter ((=) fate) |> List.length

        count WasDelivered, count HasFailed, count WasHandedOver, dropped
