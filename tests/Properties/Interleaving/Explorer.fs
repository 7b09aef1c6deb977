namespace Mvx.Sink.Properties.Interleaving

open System.Collections.Generic
open Mvx.Sink.Model

/// What an exploration found: how many worlds, and the first broken promise.
type Finding =
    {
        Worlds: int
        Steps: int
        Broken: string option
    }

/// Every interleaving of a few callers, the dispatcher and the owner of a sink.
type Explorer(protocol: Protocol, limit: int64, policy: QueueOverflowPolicy) =

    let offer gate completed =
        Admission.Offer(gate, completed, limit, policy)

    /// The verdict an admission in one indivisible step would give now.
    let truth (world: World) =
        (offer world.Gate world.Completed).Verdict

    let bitOf (verdict: AdmissionVerdict) = 1 <<< int verdict

    /// Lets everyone inside a call see the instant.
    let seen (world: World) =
        let now = bitOf (truth world)

        { world with
            Callers =
                world.Callers
                |> List.map (fun caller ->
                    if Caller.isInACall caller then
                        { caller with
                            Truths = caller.Truths ||| now
                        }
                    else
                        caller)
        }

    let put index (caller: Caller) (world: World) =
        { world with
            Callers = List.updateAt index caller world.Callers
        }

    let finish index (caller: Caller) verdict world =
        let told =
            world
            |> put
                index
                { caller with
                    Next = Next.ReadsGate
                    Gate = Gate()
                    CallsLeft = caller.CallsLeft - 1
                    Truths = 0
                }

        if caller.Truths &&& bitOf verdict = 0 then
            Error $"{verdict} was the right verdict at no instant of the call"
        else
            Ok told

    let accept index (caller: Caller) (decision: AdmissionDecision) (world: World) =
        if truth world <> decision.Verdict then
            Error $"{decision.Verdict}, but {truth world} was right when the gate was swapped"
        else
            { world with
                World.Gate = decision.Next
                ToldAccepted = world.ToldAccepted + 1L
                ToldStarted =
                    world.ToldStarted
                    + (if decision.Verdict = AdmissionVerdict.AcceptAndStart then
                           1
                       else
                           0)
            }
            |> finish index caller decision.Verdict

    /// What a caller does once it holds a gate and a figure; <paramref name="isFresh"/> when it may believe that the queue is full.
    let decide index (caller: Caller) isFresh (world: World) =
        let decision = offer caller.Gate caller.Figure

        if decision.IsAccepted then
            Ok(put index { caller with Next = Next.Swaps } world)
        elif decision.Verdict = AdmissionVerdict.Refuse || isFresh then
            finish index caller decision.Verdict world
        else
            Ok(put index { caller with Next = Next.ReadsFigure } world)

    let call index (world: World) : Result<World, string> =
        let caller = world.Callers[index]

        match caller.Next with
        | Next.ReadsGate
        | Next.ReadsGateAgain ->
            let reading =
                { caller with
                    Gate = world.Gate
                    Truths = caller.Truths ||| bitOf (truth world)
                }

            decide index reading (protocol = BelievesAnOldFigure) world
        | Next.ReadsFigure ->
            let reading = { caller with Figure = world.Completed }

            if protocol = ReadsTheFigureFirst then
                Ok(
                    put
                        index
                        { reading with
                            Next = Next.ReadsGateLast
                        }
                        world
                )
            else
                decide index reading true world
        | Next.ReadsGateLast -> decide index { caller with Gate = world.Gate } true world
        | _ when world.Gate = caller.Gate || protocol = StoresBlindly -> accept index caller (offer caller.Gate caller.Figure) world
        | _ ->
            Ok(
                put
                    index
                    { caller with
                        Next = Next.ReadsGateAgain
                        Gate = Gate()
                    }
                    world
            )

    let step input (world: World) : World =
        let next = Lifecycle.Step(world.Gate.Lifecycle, input).Next

        { world with
            World.Gate = world.Gate.With next
        }

    /// What dispatcher, hooks and owner can do now.
    let others (world: World) : World list =
        let pending = World.pending world

        match world.Gate.Lifecycle.Phase with
        | LifecyclePhase.StartingHook -> [ step LifecycleInput.StartingHookSucceeded world ]
        | LifecyclePhase.Dispatching ->
            [
                if pending > 0L then
                    { world with
                        Completed = world.Completed + 1L
                    }

                    if world.MayFail then
                        { step LifecycleInput.DispatchFailed world with
                            MayFail = false
                        }
                if world.MayStop then
                    { step LifecycleInput.Stop world with
                        MayStop = false
                    }
            ]
        | LifecyclePhase.Draining when pending > 0L ->
            [
                { world with
                    Completed = world.Completed + 1L
                }
            ]
        | LifecyclePhase.Draining -> [ step LifecycleInput.Drained world ]
        | LifecyclePhase.StoppedHook -> [ step LifecycleInput.StoppedHookSucceeded world ]
        | LifecyclePhase.CleanUp when pending > 0L ->
            [
                { world with
                    Completed = world.Gate.Accepted
                }
            ]
        | LifecyclePhase.AtRest when world.Gate.State = SinkState.Stopped && world.MayRestart ->
            [
                { step LifecycleInput.Start world with
                    MayRestart = false
                }
            ]
        | _ -> []

    let judge (world: World) =
        let pending = World.pending world

        if pending < 0L || pending > limit then
            Error $"{pending} events are pending at a limit of {limit}"
        elif world.ToldAccepted <> world.Gate.Accepted then
            Error $"{world.ToldAccepted} callers were told that they are accepted, the gate counts {world.Gate.Accepted}"
        elif world.ToldStarted > 1 then
            Error "two events started the sink"
        else
            Ok(seen world)

    let moves (world: World) =
        [
            for index in 0 .. List.length world.Callers - 1 do
                let caller = world.Callers[index]

                if Caller.isInACall caller || caller.CallsLeft > 0 then
                    call index world
            for other in others world do
                Ok other
        ]
        |> List.map (Result.bind judge)

    /// Explores every world that callers making <paramref name="calls"/> calls each can come to.
    member _.Explore(callers: int, calls: int) : Finding =
        let caller =
            {
                Next = Next.ReadsGate
                Gate = Gate()
                Figure = 0L
                CallsLeft = calls
                Truths = 0
            }

        let start =
            {
                Gate = Gate()
                Completed = 0L
                Callers = List.replicate callers caller
                ToldAccepted = 0L
                ToldStarted = 0
                MayStop = true
                MayFail = true
                MayRestart = true
            }

        let known = HashSet [ World.key start ]
        let waiting = Stack [ start ]
        let mutable steps = 0
        let mutable broken = None

        while broken.IsNone && waiting.Count > 0 do
            for move in moves (waiting.Pop()) do
                steps <- steps + 1

                match move with
                | Ok world when known.Add(World.key world) -> waiting.Push world
                | Ok _ -> ()
                | Error message -> broken <- Some message

        {
            Worlds = known.Count
            Steps = steps
            Broken = broken
        }
