namespace Mvx.Sink.Properties.Oracle

open System.Collections.Generic
open Mvx.Sink.Model

/// What callers were answered so far.
[<RequireQualifiedAccess>]
type Answered =
    | Request of Response
    | Told of Told
    | Flush of accepted: int

/// A twin with its backend and its callers.
type Script =
    {
        Twin: Twin
        Plans: Plan list
        IsOpen: bool
        /// Calls that wait, newest first, and whether they obey their token.
        Waiting: (int * bool) list
        /// Hand-overs that come back to no loop.
        Loose: Set<int>
        /// Calls that block the loop's thread.
        Blocking: Set<int>
        Released: Map<int, Answer>
        /// Newest first.
        Log: Call list
        Answers: Answered list
        Events: int
    }

module Script =
    let create scenario =
        {
            Twin = TwinState.create (int64 scenario.Limit) scenario.Policy scenario.MaxBatch (scenario.Host = OwnLoop)
            Plans = scenario.Plans
            IsOpen = false
            Waiting = []
            Loose = Set.empty
            Blocking = Set.empty
            Released = Map.empty
            Log = []
            Answers = []
            Events = 0
        }

    let private planOf script number =
        match List.tryItem number script.Plans with
        | Some(Awaits _ | Blocks) when script.IsOpen -> AtOnce Succeeds
        | Some plan -> plan
        | None -> AtOnce Succeeds

    let private release answer number script =
        let isOver =
            script.Twin.InCall |> Option.forall (fun (current, _) -> current <> number)

        let isHandOver = (List.rev script.Log |> List.item number).Kind = HandOver
        let comesBack = script.Twin.HasLoop || script.Loose.Contains number

        // A hand-over that was given up has nobody to tell what it throws.
        let reports =
            if isOver && isHandOver && comesBack && answer <> Succeeds then
                1
            else
                0

        { script with
            Twin =
                { script.Twin with
                    Reports = script.Twin.Reports + reports
                }
            Waiting = script.Waiting |> List.filter (fun (waiting, _) -> waiting <> number)
            Blocking = Set.remove number script.Blocking
            Released = Map.add number answer script.Released
        }

    /// A fired token is obeyed at once.
    let private obey script =
        if script.Twin.TokenFired then
            script.Waiting
            |> List.filter snd
            |> List.fold (fun script (number, _) -> release Cancels number script) script
        else
            script

    let private answerOf script number (_: Call) =
        match Map.tryFind number script.Released with
        | Some answer -> Some answer
        | None ->
            match planOf script number with
            | AtOnce answer
            | Later answer -> Some answer
            | _ -> None

    /// The script after a step of the twin.
    let private after script (step: Step) =
        let number = step.Next.Calls - 1
        let moved = { script with Twin = step.Next }

        match step.Begins with
        | None -> moved
        | Some call ->
            let logged = { moved with Log = call :: script.Log }

            let waits obeys =
                { logged with
                    Waiting = (number, obeys) :: logged.Waiting
                    Loose =
                        if step.Next.HasLoop then
                            logged.Loose
                        else
                            Set.add number logged.Loose
                }

            match planOf script number with
            | Awaits obeys -> waits (obeys && call.Kind <> HandOver)
            | Blocks when script.Twin.OwnsItsLoop && call.Kind <> HandOver ->
                { waits false with
                    Blocking = Set.add number logged.Blocking
                }
            | Blocks -> waits false
            | _ -> logged
        |> obey

    let private next script =
        TwinSteps.all (not script.Blocking.IsEmpty) (answerOf script) script.Twin
        |> List.map (after script)

    let isEnded script =
        script.Twin.Endings
        |> List.forall (function
            | Ended _ -> true
            | _ -> false)

    /// Whether nothing happens by itself any more.
    let isQuiet script = List.isEmpty (next script)

    let private everywhere scripts =
        let seen = HashSet<Script> HashIdentity.Structural

        let rec go =
            function
            | [] -> List.ofSeq seen
            | _ when seen.Count > 200_000 -> failwith "the model can go on for ever"
            | script :: rest when seen.Add script -> go (next script @ rest)
            | _ :: rest -> go rest

        go scripts

    /// The scripts as they can be by the time of the next act: a termination goes on beside what the test does.
    let meanwhile scripts =
        if List.forall isEnded scripts then
            scripts
        else
            everywhere scripts

    /// The scripts as they can look now that the loop has come to quiet. There is one, unless something that was posted had to wait: then it
    /// comes as it likes. A termination runs beside the loop, and nobody sees how far it is.
    let settle scripts =
        let rec one script =
            match next script with
            | [] -> script
            | first :: _ -> one first

        let arrivesLate script =
            let twin = script.Twin
            twin.ClosePosted || twin.GiveUpPosted || twin.EndPosted || twin.DrainPosted

        if not (List.forall isEnded scripts) then
            everywhere scripts
        elif List.exists arrivesLate scripts then
            everywhere scripts |> List.filter isQuiet
        else
            scripts |> List.map one |> List.distinct

    let private answered answer twin script =
        { script with
            Twin = twin
            Answers = answer :: script.Answers
        }

    let private request input script =
        let twin, response = TwinLifecycle.request input script.Twin
        answered (Answered.Request response) twin script, response

    let told isTry (verdict: AdmissionVerdict) (state: SinkState) =
        match Admission.Outcome verdict with
        | outcome when isTry -> Told outcome
        | LogOutcome.QueueFull -> Full
        | LogOutcome.InvalidState -> Refused state
        | _ -> Returned

    let private offer isTry script =
        let twin, verdict = TwinAdmission.offer script.Events script.Twin

        { answered (Answered.Told(told isTry verdict script.Twin.Lifecycle.State)) (TwinAdmission.countRefusal verdict twin) script with
            Events = script.Events + 1
        }

    /// What an act does, before anything else has moved.
    let act act script =
        match act with
        | Start -> fst (request LifecycleInput.Start script)
        | Stop -> fst (request LifecycleInput.Stop script)
        | StopWithin milliseconds ->
            match request LifecycleInput.Stop script with
            | script, Operation operation ->
                let deadline = script.Twin.Now + milliseconds

                match TwinBudget.register operation deadline script.Twin with
                | twin, Some number ->
                    { script with
                        Twin = TwinBudget.arm number milliseconds twin
                    }
                | _ -> script
            | script, _ -> script
        | Log -> offer false script
        | TryLog -> offer true script
        | Flush -> answered (Answered.Flush script.Twin.Accepted) script.Twin script
        | Release answer ->
            match script.Waiting with
            | (number, _) :: _ -> release answer number script
            | [] -> script
        | Advance milliseconds ->
            match TwinBudget.advance milliseconds script.Twin with
            | twin, Some(number, stage) ->
                { script with
                    Twin = twin |> TwinBudget.arm number (TwinBudget.pause stage) |> TwinBudget.fire stage
                }
            | twin, None -> { script with Twin = twin }
        | Terminate ->
            { script with
                Twin = TwinEnding.terminate script.Twin
            }
        | CloseLoop when script.Twin.OwnsItsLoop ->
            { script with
                Script.Twin.ClosePosted = true
            }
        | LoseLoop when script.Twin.HasLoop ->
            { script with
                Twin =
                    { TwinLifecycle.take LifecycleInput.LoopGone script.Twin with
                        HasLoop = false
                    }
            }
        | CloseLoop
        | LoseLoop
        | ReadState
        | ReadLedger -> script
        |> obey

    let openUp script =
        script.Waiting
        |> List.fold (fun script (number, _) -> release Succeeds number script) { script with IsOpen = true }

    let view script =
        let twin = script.Twin
        let answers = List.rev script.Answers

        let requests =
            answers
            |> List.choose (function
                | Answered.Request response -> Some response
                | _ -> None)

        let handle index response =
            match response with
            | Operation number ->
                {
                    Shares = requests |> List.findIndex ((=) response)
                    Result = Map.tryFind number twin.Results
                }
            | NotBegun outcome ->
                {
                    Shares = index
                    Result = Some outcome
                }
            | _ -> invalidOp "a request has a handle"

        {
            State = twin.Lifecycle.State
            IsAtRest = Invariants.IsAtRest twin.Lifecycle
            Ledger = TwinLedger.ledger twin
            LastError = twin.LastError
            Calls = List.rev script.Log
            Told =
                answers
                |> List.choose (function
                    | Answered.Told told -> Some told
                    | _ -> None)
            Handles = requests |> List.mapi handle
            Flushes =
                answers
                |> List.choose (function
                    | Answered.Flush accepted when TwinLedger.isFlushed accepted twin -> Some(Some(TwinLedger.report accepted twin))
                    | Answered.Flush _ -> Some None
                    | _ -> None)
            Terminations =
                twin.Endings
                |> List.map (function
                    | Ended error -> Some error
                    | _ -> None)
            Reports = twin.Reports
            Complaints = []
        }
