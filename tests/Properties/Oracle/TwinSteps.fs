namespace Mvx.Sink.Properties.Oracle

open Mvx.Sink.Model

/// The whole of a twin: what it does by itself.
module TwinSteps =
    /// Everything that can happen by itself now, what is to come first in a sequence first. A loop that is blocked runs nothing that is posted.
    let all isBlocked (answerOf: int -> Call -> Answer option) twin =
        [
            if twin.EndPosted && not isBlocked then
                TwinStep.silently
                    { twin with
                        EndPosted = false
                        ToldToEnd = true
                    }
            if twin.DrainPosted && not isBlocked then
                TwinStep.silently
                    { twin with
                        DrainPosted = false
                        ToldToDrain = true
                    }
            if twin.ClosePosted && not isBlocked then
                TwinStep.silently (TwinLifecycle.closeLoop { twin with ClosePosted = false })
            if twin.GiveUpPosted && not isBlocked then
                TwinStep.silently (TwinLifecycle.takeFrom false LifecycleInput.GivenUp TwinBudget.spent { twin with GiveUpPosted = false })

            match twin.InCall with
            | Some(number, call) ->
                match answerOf number call with
                | Some answer -> TwinBackend.endCall number call answer twin
                | None -> ()
            | None ->
                match twin.Fault with
                | Some(input, cause) ->
                    TwinStep.silently (
                        TwinLifecycle.takeFrom
                            false
                            input
                            cause
                            { twin with
                                Fault = None
                                IsDispatching = false
                            }
                    )
                | None when not twin.Stages.IsEmpty -> yield! TwinBackend.stage twin
                | None when twin.StartPosted ->
                    TwinStep.beginCall
                        CallKind.StartingHook
                        []
                        { twin with
                            StartPosted = false
                            TokenFired = false
                        }
                | None when twin.IsDispatching -> yield! TwinBackend.dispatch twin
                | None -> ()

            if
                twin.IsLoopClosing
                && twin.HasLoop
                && not isBlocked
                && twin.InCall.IsNone
                && Invariants.IsAtRest twin.Lifecycle
            then
                TwinStep.silently { twin with HasLoop = false }

            yield! TwinEnding.endings isBlocked twin
        ]
