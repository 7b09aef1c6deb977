namespace Mvx.Sink.Properties.Walk

open System.Collections.Generic
open Mvx.Sink.Model
open Mvx.Sink.Properties

/// Where a walk stands: a sink, its counters folded away, and what a shell remembers. Delivered, dropped and the like grow without
/// bound and decide nothing (a property of its own says so), so that only what is pending is kept.
type Place =
    {
        Code: int64
        Pending: int64
        Memory: Memory
    }

/// Everything a sink of one limit and policy can come to.
type Walk =
    {
        Places: Place list
        Moments: (Place * Moment * Place) list
    }

module Walk =
    let private start =
        {
            Code = 0L
            Pending = 0L
            Memory = Memory.empty
        }

    /// The sink at a place; its ledger holds what is pending and nothing else.
    let sinkAt limit policy place =
        SinkModel(LifecycleModel place.Code, SinkLedger(place.Pending, 0L, 0L, 0L, 0L, 0L), limit, policy)

    let private arrival (moment: Moment) =
        {
            Code = moment.After.Lifecycle.Code
            Pending = moment.After.Ledger.Pending
            Memory = moment.RemembersNow
        }

    /// Every place that can be reached, and every command at each of them, the impossible ones too.
    let everywhere limit policy =
        let seen = HashSet [ start ]
        let moments = List()

        let rec go (frontier: Place list) =
            let arrivals =
                [
                    for place in frontier do
                        for command in Command.all do
                            let moment = Moment.take (sinkAt limit policy place) place.Memory command
                            let next = if moment.Possible then arrival moment else place
                            moments.Add((place, moment, next))
                            next
                ]

            match arrivals |> List.filter seen.Add with
            | [] -> ()
            | fresh -> go fresh

        go [ start ]

        {
            Places = List.ofSeq seen
            Moments = List.ofSeq moments
        }

    /// Each policy at the three smallest limits.
    let configurations =
        [
            for limit in 1L .. 3L do
                for policy in System.Enum.GetValues<QueueOverflowPolicy>() do
                    limit, policy
        ]
