namespace Mvx.Sink.Properties

open Mvx.Sink.Model

/// The hook at work on the sink's loop.
type Hook =
    | NoHook
    | StartingHook
    | StoppedHook

/// What an obedient shell remembers of a history: only what it was asked to do and what came back, never the model's own state.
/// The rules are stated in its words, so that the model cannot vouch for itself.
type Memory =
    {
        Hook: Hook
        DispatcherAtWork: bool
        ToldToDrain: bool
        ToldToEnd: bool
        StartIsOpen: bool
        StopIsOpen: bool
        /// The starting hook has succeeded, and the stopped hook has not been run since.
        OwesStoppedHook: bool
        LastError: SinkErrorReason
        TokenFired: bool
        LoopClosed: bool
    }

module Memory =
    let noError = enum<SinkErrorReason> 0

    /// A new sink: nothing has run.
    let empty =
        {
            Hook = NoHook
            DispatcherAtWork = false
            ToldToDrain = false
            ToldToEnd = false
            StartIsOpen = false
            StopIsOpen = false
            OwesStoppedHook = false
            LastError = noError
            TokenFired = false
            LoopClosed = false
        }

    let isAtRest memory =
        memory.Hook = NoHook && not memory.DispatcherAtWork

    let private dispatcherDone memory =
        { memory with
            DispatcherAtWork = false
            ToldToDrain = false
            ToldToEnd = false
        }

    let private answered input memory =
        match input with
        | LifecycleInput.StartingHookSucceeded ->
            { memory with
                Hook = NoHook
                OwesStoppedHook = true
            }
        | LifecycleInput.StartingHookFailed
        | LifecycleInput.StoppedHookSucceeded
        | LifecycleInput.StoppedHookFailed -> { memory with Hook = NoHook }
        | LifecycleInput.DispatchFailed
        | LifecycleInput.DispatchCancelled
        | LifecycleInput.Drained
        | LifecycleInput.DispatcherEnded -> dispatcherDone memory
        | LifecycleInput.Close
        | LifecycleInput.LoopClosing -> { memory with LoopClosed = true }
        | LifecycleInput.LoopGone ->
            { dispatcherDone memory with
                Hook = NoHook
                OwesStoppedHook = false
                LoopClosed = true
            }
        | _ -> memory

    let private opened input (step: LifecycleStep) memory =
        match step.Verdict, input with
        | LifecycleVerdict.Begun, LifecycleInput.Start -> { memory with StartIsOpen = true }
        | LifecycleVerdict.Begun, LifecycleInput.Stop -> { memory with StopIsOpen = true }
        | _ -> memory

    let private carriedOut (step: LifecycleStep) effect memory =
        match effect with
        | LifecycleEffects.RecordError -> { memory with LastError = step.Reason }
        | LifecycleEffects.ClearError -> { memory with LastError = noError }
        | LifecycleEffects.RunStartingHook -> { memory with Hook = StartingHook }
        | LifecycleEffects.LaunchDispatcher -> { memory with DispatcherAtWork = true }
        | LifecycleEffects.Drain -> { memory with ToldToDrain = true }
        | LifecycleEffects.FireToken -> { memory with TokenFired = true }
        | LifecycleEffects.EndDispatcher -> { memory with ToldToEnd = true }
        | LifecycleEffects.RunStoppedHook ->
            { memory with
                Hook = StoppedHook
                OwesStoppedHook = false
            }
        | LifecycleEffects.CompleteStart -> { memory with StartIsOpen = false }
        | LifecycleEffects.CompleteStop -> { memory with StopIsOpen = false }
        | _ -> memory

    /// The memory after an input that can happen, its step's effects carried out in the order of their bits.
    let after input (step: LifecycleStep) memory =
        List.init 13 (fun bit -> enum<LifecycleEffects>(1 <<< bit))
        |> List.filter step.Has
        |> List.fold (fun memory effect -> carriedOut step effect memory) (memory |> answered input |> opened input step)

    /// Whether a command can happen at all: hooks and dispatcher answer only when they are at work, and a sink is closed only at rest.
    let allows pending command memory =
        match command with
        | Command.Offer -> true
        | Command.DispatchSucceeded -> memory.DispatcherAtWork && pending > 0L
        | Command.Input input ->
            match input with
            | LifecycleInput.Start
            | LifecycleInput.Stop
            | LifecycleInput.LoopClosing
            | LifecycleInput.LoopGone -> true
            | LifecycleInput.Close -> isAtRest memory
            | LifecycleInput.StartingHookSucceeded
            | LifecycleInput.StartingHookFailed -> memory.Hook = StartingHook
            | LifecycleInput.StoppedHookSucceeded
            | LifecycleInput.StoppedHookFailed -> memory.Hook = StoppedHook
            | LifecycleInput.DispatchFailed
            | LifecycleInput.DispatchCancelled -> memory.DispatcherAtWork && pending > 0L
            | LifecycleInput.Drained -> memory.DispatcherAtWork && memory.ToldToDrain && pending = 0L
            | LifecycleInput.DispatcherEnded ->
                memory.DispatcherAtWork
                && memory.ToldToEnd
                && not (memory.ToldToDrain && pending = 0L)
            | _ -> false
