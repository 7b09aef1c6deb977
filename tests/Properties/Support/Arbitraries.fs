namespace Mvx.Sink.Properties

open FsCheck
open FsCheck.FSharp
open Mvx.Sink.Model

/// What random histories are made of, and how a failing one is made small.
module Arbitraries =
    /// The end of a loop and a stop that is given up are rare, or no history would get far.
    let private weights =
        [
            40, Command.offer
            40, Command.delivered
            16, Command.start
            12, Command.stop
            24, Command.startingHookSucceeds
            4, Command.startingHookFails
            4, Command.dispatchFails
            4, Command.dispatchIsCancelled
            24, Command.drained
            6, Command.dispatcherEnds
            24, Command.stoppedHookSucceeds
            6, Command.stoppedHookFails
            16, Command.handedOver
            8, Command.budgetIsSpent
            2, Command.isGivenUp
            2, Command.close
            2, Command.loopIsClosing
            1, Command.loopIsGone
        ]

    let private oneOf weights =
        weights
        |> List.map (fun (weight, command) -> weight, Gen.constant command)
        |> Gen.frequency

    /// Mostly what can happen here, or a history would be full of commands that change nothing; sometimes anything.
    let private command (sink: SinkModel) memory =
        let possible =
            weights
            |> List.filter (fun (_, command) -> Memory.allows sink.Ledger.Pending command memory)

        Gen.frequency [ 9, oneOf possible; 1, oneOf weights ]

    let rec private commands sink memory count =
        gen {
            if count = 0 then
                return []
            else
                let! command = command sink memory
                let moment = Moment.take sink memory command
                let! rest = commands moment.After moment.RemembersNow (count - 1)
                return command :: rest
        }

    let limit = Gen.frequency [ 4, Gen.choose64 (1L, 3L); 1, Gen.choose64 (4L, 50L) ]

    let policy = Gen.elements (System.Enum.GetValues<QueueOverflowPolicy>())

    let private withoutOne commands =
        commands |> Seq.mapi (fun index _ -> List.removeAt index commands)

    let private halves commands =
        let half = List.length commands / 2

        if half = 0 then
            Seq.empty
        else
            Seq.ofList [ List.truncate half commands; List.skip half commands ]

    /// Fewer commands first, then a smaller limit.
    let private smaller history =
        seq {
            for commands in Seq.append (halves history.Commands) (withoutOne history.Commands) do
                { history with Commands = commands }

            if history.Limit > 1L then
                { history with
                    Limit = history.Limit - 1L
                }
        }

    let history =
        let generate =
            gen {
                let! limit = limit
                let! policy = policy
                let! count = Gen.sized (fun size -> Gen.choose (0, size))
                let! commands = commands (SinkModel(limit, policy)) Memory.empty count

                return
                    {
                        Limit = limit
                        Policy = policy
                        Commands = commands
                    }
            }

        Arb.fromGenShrink (generate, smaller)

    /// Any lifecycle byte, reachable or not.
    let code = Gen.choose64 (0L, 255L)

    /// A count of events as a gate can hold it, small ones often, and up to the last but one that 56 bits hold.
    let count =
        Gen.oneof
            [
                Gen.choose64 (0L, 9L)
                Gen.choose64 (0L, (1L <<< 54))
                Gen.choose64 ((1L <<< 56) - 9L, (1L <<< 56) - 2L)
            ]
