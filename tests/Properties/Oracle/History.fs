namespace Mvx.Sink.Properties.Oracle

open Mvx.Sink.Model

/// What a caller saw of an act.
type Saw =
    | Nothing
    /// A handle, which several may share, and what it came to.
    | Handle of number: int * Outcome
    | WasTold of Told
    /// Delivered, failed, undelivered and dropped.
    | Report of int * int * int * int
    | State of SinkState
    | Figures of SinkLedger

/// An act as it happened: between two moments, and what its caller saw.
type Deed =
    {
        Act: Act
        /// The event's number, where one is logged.
        Item: int
        From: int64
        To: int64
        Saw: Saw
    }

    override this.ToString() =
        let item =
            match this.Act with
            | Log
            | TryLog -> $" {this.Item}"
            | _ -> ""

        $"{this.From, 4} to {this.To, 4}: {this.Act}{item}: {this.Saw}"

/// What happened side by side, and how it ended.
type Observed =
    {
        Branches: Deed list list
        Backend: CallRecord list
        Last: View
        /// What the terminations among the deeds threw.
        Threw: Error option list
    }

    override this.ToString() =
        let branch index deeds =
            deeds |> List.map (fun deed -> $"  {index}| {deed}")

        let call (index: int) (call: CallRecord) =
            $"  call {index}: {call.Begun, 4} to {call.Ended, 4}: {call.What.Kind} {call.What.Items} {call.Answer}"

        [
            yield! this.Branches |> List.mapi branch |> List.concat
            yield! this.Backend |> List.mapi call
            $"at the end %A{this.Last}"
        ]
        |> String.concat "\n"

/// The part of an act that is still to come, where an act is not of one piece.
type Rest =
    | Counts of AdmissionVerdict
    | Fires of stage: int
    | Arms of budget: int * milliseconds: int
    | Limits of operation: int * milliseconds: int
    | Registers of operation: int * deadline: int * milliseconds: int

/// Where a search stands.
type Point =
    {
        Twin: Twin
        /// The deeds of each branch that have been done.
        Done: int list
        Rests: Map<int, Rest list>
        Operations: Map<int, int>
        Flushes: Map<int * int, int>
    }

/// Looks for an order of the model's steps that explains what was observed.
module Search =
    open System.Collections.Generic

    type Verdict =
        | Explained of points: int
        | Unexplained of points: int
        | GaveUp

    let private most = 300_000

    let run (script: Script) (observed: Observed) (explains: Point -> bool) =
        let branches = observed.Branches |> List.map Array.ofList |> Array.ofList
        let log = Array.ofList observed.Backend

        /// The moment before which nothing that is still to come has returned.
        let earliestReturn point =
            point.Done
            |> List.mapi (fun branch index ->
                if index < branches[branch].Length then
                    (Array.item index branches[branch]).To
                else
                    System.Int64.MaxValue)
            |> List.min

        let answerOf point number (_: Call) =
            if number < log.Length && log[number].Ended < earliestReturn point then
                log[number].Answer
            else
                None

        let byItself point =
            TwinSteps.all false (answerOf point) point.Twin
            |> List.filter (fun step ->
                match step.Begins with
                | None -> true
                | Some call -> point.Twin.Calls < log.Length && log[point.Twin.Calls].What = call)
            |> List.map (fun step -> { point with Twin = step.Next })

        let doneIn branch point =
            { point with
                Done =
                    point.Done
                    |> List.mapi (fun index count -> if index = branch then count + 1 else count)
                Rests = Map.remove branch point.Rests
            }

        let goOn branch rests point =
            match rests with
            | [] -> doneIn branch point
            | rests ->
                { point with
                    Rests = Map.add branch rests point.Rests
                }

        let rest branch point =
            function
            | [] -> doneIn branch point
            | first :: others ->
                let twin = point.Twin

                match first with
                | Counts verdict ->
                    goOn
                        branch
                        others
                        { point with
                            Twin = TwinAdmission.countRefusal verdict twin
                        }
                | Fires stage ->
                    goOn
                        branch
                        others
                        { point with
                            Twin = TwinBudget.fire stage twin
                        }
                | Arms(budget, milliseconds) ->
                    goOn
                        branch
                        others
                        { point with
                            Twin = TwinBudget.arm budget milliseconds twin
                        }
                | Limits(operation, milliseconds) ->
                    goOn branch (Registers(operation, twin.Now + milliseconds, milliseconds) :: others) point
                | Registers(operation, deadline, milliseconds) ->
                    match TwinBudget.register operation deadline twin with
                    | next, Some budget -> goOn branch (Arms(budget, milliseconds) :: others) { point with Twin = next }
                    | _ -> goOn branch others point

        let request branch input handle outcome rests point =
            match TwinLifecycle.request input point.Twin with
            | twin, NotBegun refused when refused = outcome && not (point.Operations.ContainsKey handle) ->
                [ doneIn branch { point with Twin = twin } ]
            | twin, Operation operation ->
                let isKnown =
                    point.Operations
                    |> Map.exists (fun known number -> number = operation && known <> handle)

                match Map.tryFind handle point.Operations with
                | Some known when known <> operation -> []
                | _ when isKnown -> []
                | _ ->
                    [
                        goOn
                            branch
                            (rests operation)
                            { point with
                                Twin = twin
                                Operations = Map.add handle operation point.Operations
                            }
                    ]
            | _ -> []

        let deed branch point =
            let index = List.item branch point.Done
            let it = Array.item index branches[branch]
            let twin = point.Twin

            match it.Act, it.Saw with
            | Start, Handle(handle, outcome) -> request branch LifecycleInput.Start handle outcome (fun _ -> []) point
            | Stop, Handle(handle, outcome) -> request branch LifecycleInput.Stop handle outcome (fun _ -> []) point
            | StopWithin milliseconds, Handle(handle, outcome) ->
                request branch LifecycleInput.Stop handle outcome (fun operation -> [ Limits(operation, milliseconds) ]) point
            | (Log | TryLog), WasTold told ->
                let next, verdict = TwinAdmission.offer it.Item twin

                if Script.told (it.Act = TryLog) verdict twin.Lifecycle.State <> told then
                    []
                elif verdict <= AdmissionVerdict.AcceptAndStart then
                    [ doneIn branch { point with Twin = next } ]
                else
                    [ goOn branch [ Counts verdict ] { point with Twin = next } ]
            | Flush, _ ->
                [
                    doneIn
                        branch
                        { point with
                            Flushes = Map.add (branch, index) twin.Accepted point.Flushes
                        }
                ]
            | ReadState, State state when state <> twin.Lifecycle.State -> []
            | ReadLedger, Figures figures when figures <> TwinLedger.ledger twin -> []
            | Terminate, _ ->
                [
                    doneIn
                        branch
                        { point with
                            Twin = TwinEnding.terminate twin
                        }
                ]
            | Advance milliseconds, _ ->
                match TwinBudget.advance milliseconds twin with
                | next, None -> [ doneIn branch { point with Twin = next } ]
                | next, Some(budget, stage) ->
                    let arms = Arms(budget, TwinBudget.pause stage)

                    let rests =
                        if stage < 2 then
                            [ Fires stage; arms ]
                        else
                            [ arms; Fires stage ]

                    [ goOn branch rests { point with Twin = next } ]
            | _ -> [ doneIn branch point ]

        let begunBefore moment =
            log |> Array.filter (fun call -> call.Begun < moment) |> Array.length

        let byCallers point =
            [
                for branch in 0 .. branches.Length - 1 do
                    match Map.tryFind branch point.Rests with
                    | Some rests -> rest branch point rests
                    | None ->
                        let index = List.item branch point.Done

                        if index < branches[branch].Length then
                            let it = Array.item index branches[branch]

                            if it.From < earliestReturn point && begunBefore it.From <= point.Twin.Calls then
                                yield! deed branch point
            ]

        let isOver point =
            point.Rests.IsEmpty
            && List.forall2 (fun count (deeds: Deed array) -> count = deeds.Length) point.Done (List.ofArray branches)
            && point.Twin.Calls = log.Length
            && List.isEmpty (byItself point)

        let seen = HashSet<Point> HashIdentity.Structural

        let rec look =
            function
            | [] -> Unexplained seen.Count
            | _ when seen.Count > most -> GaveUp
            | point :: others when not (seen.Add point) -> look others
            | point :: _ when isOver point && explains point -> Explained seen.Count
            | point :: others -> look (byItself point @ byCallers point @ others)

        look
            [
                {
                    Twin = script.Twin
                    Done = observed.Branches |> List.map (fun _ -> 0)
                    Rests = Map.empty
                    Operations = Map.empty
                    Flushes = Map.empty
                }
            ]
