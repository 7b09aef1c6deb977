namespace Mvx.Sink.Properties.Oracle

open Mvx.Sink.Model

/// Terminations, which go on beside the loop.
module TwinEnding =
    let private isAtRest twin =
        Invariants.IsAtRest twin.Lifecycle && twin.InCall.IsNone

    /// The next step of a termination, if it can take one.
    let private endingStep isBlocked ending twin =
        match ending with
        | Looks failure -> Some(twin, Saw(twin.Lifecycle.State, failure))
        | Saw(SinkState.Starting, failure) ->
            match twin.OpenStart with
            | Some operation when twin.Lifecycle.State = SinkState.Starting -> Some(twin, WaitsForStart(operation, failure))
            | _ -> Some(twin, Looks failure)
        | Saw((SinkState.Running | SinkState.Stopping), failure) ->
            match TwinLifecycle.request LifecycleInput.Stop twin with
            | next, Operation operation -> Some(next, WaitsForStop(operation, failure))
            | next, _ -> Some(next, Looks failure)
        | Saw((SinkState.Failure | SinkState.Cancelled), failure) -> Some(twin, WaitsForRest failure)
        | Saw(_, failure) -> Some(twin, TriesToClose failure)
        | WaitsForStart(operation, failure) when twin.Results.ContainsKey operation -> Some(twin, Looks failure)
        | WaitsForStop(operation, failure) when twin.Results.ContainsKey operation ->
            match twin.Results[operation] with
            | Failed error when error = TwinBudget.spent.Value -> Some(twin, Leaves(Some error))
            | Failed error -> Some(twin, TriesToClose(Some error))
            | _ -> Some(twin, TriesToClose failure)
        | WaitsForRest failure when isAtRest twin -> Some(twin, TriesToClose failure)
        | Leaves failure when twin.OwnsItsLoop ->
            // Terminating a loop of its own ends that too.
            Some(TwinLifecycle.closeLoop twin, Returns failure)
        | Leaves _ -> Some(twin, Ended None)
        | Returns failure -> Some(twin, Ended failure)
        | TriesToClose failure when not twin.HasLoop -> Some(twin, Leaves failure)
        | TriesToClose _ when isBlocked -> None
        | Arrives ->
            let isFirst =
                twin.Endings
                |> List.forall (function
                    | Arrives
                    | Follows -> true
                    | _ -> false)

            Some(twin, (if isFirst then Looks None else Follows))
        | Follows ->
            // Told a moment before the other one has returned.
            let isOver =
                twin.Endings
                |> List.exists (function
                    | Returns _
                    | Ended _ -> true
                    | _ -> false)

            if isOver then Some(twin, Ended None) else None
        | TriesToClose failure ->
            if Lifecycle.Step(twin.Lifecycle, LifecycleInput.Close).Verdict = LifecycleVerdict.Taken then
                Some(TwinLifecycle.take LifecycleInput.Close twin, Leaves failure)
            else
                Some(twin, Looks failure)
        | _ -> None

    let endings isBlocked twin =
        twin.Endings
        |> List.mapi (fun index ending -> index, ending)
        |> List.choose (fun (index, ending) ->
            endingStep isBlocked ending twin
            |> Option.map (fun (next, ending) ->
                TwinStep.silently
                    { next with
                        Endings = List.updateAt index ending next.Endings
                    }))

    /// Somebody terminates the sink.
    let terminate twin =
        let ending = if twin.OwnsItsLoop then Arrives else Looks None

        { twin with
            Endings = twin.Endings @ [ ending ]
        }
