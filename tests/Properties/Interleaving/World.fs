namespace Mvx.Sink.Properties.Interleaving

open Mvx.Sink.Model

/// Shared memory, the callers, and what the sink's owner may still do.
type World =
    {
        Gate: Gate
        /// Events finished, as the dispatcher publishes it.
        Completed: int64
        Callers: Caller list
        /// Events whose callers were told that they are accepted.
        ToldAccepted: int64
        ToldStarted: int
        MayStop: bool
        MayFail: bool
        MayRestart: bool
    }

module World =
    let bit (condition: bool) position =
        if condition then 1L <<< position else 0L

    /// The same for worlds that differ only in the order of their callers.
    let key world =
        let keys = world.Callers |> List.map Caller.key |> List.sort

        let at index =
            keys |> List.tryItem index |> Option.defaultValue 0L

        let owner =
            world.Gate.Word
            ||| (world.Completed <<< 12)
            ||| (world.ToldAccepted <<< 16)
            ||| (int64 world.ToldStarted <<< 20)
            ||| bit world.MayStop 22
            ||| bit world.MayFail 23
            ||| bit world.MayRestart 24

        struct (at 0 ||| (at 1 <<< 32), at 2 ||| (owner <<< 32))

    let pending world = world.Gate.Accepted - world.Completed
