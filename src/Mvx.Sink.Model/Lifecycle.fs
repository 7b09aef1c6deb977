namespace Mvx.Sink.Model

/// <summary>
/// The lifecycle of a sink as one total function (rules L1–L14, T6, T7). It decides; the shell carries the effects out and
/// sends their answers back as inputs.
/// </summary>
[<AbstractClass; Sealed>]
type Lifecycle =

    /// <summary>
    /// What an exception that left a dispatch means: a cancellation ends the sink as Cancelled, anything else as Failure.
    /// A cancellation that wraps a timeout (an HTTP client's, say) is a failure (rule L13).
    /// </summary>
    /// <param name="isCancellation">Whether the exception says that the operation was cancelled.</param>
    /// <param name="wrapsTimeout">Whether its inner exception is a timeout.</param>
    /// <returns>The input for <see cref="M:Mvx.Sink.Model.Lifecycle.Step"/>.</returns>
    static member OfDispatchFault(isCancellation: bool, wrapsTimeout: bool) : LifecycleInput =
        if isCancellation && not wrapsTimeout then
            LifecycleInput.DispatchCancelled
        else
            LifecycleInput.DispatchFailed

    /// <summary>One step.</summary>
    /// <param name="model">The lifecycle now.</param>
    /// <param name="input">What happened.</param>
    /// <returns>The lifecycle after it, what to carry out, and the answer to a caller.</returns>
    static member Step(model: LifecycleModel, input: LifecycleInput) : LifecycleStep =
        let none = enum<SinkErrorReason> 0
        let cancelled = SinkErrorReason.DispatcherUnexpectedlyCancelled

        let to' state phase =
            LifecycleModel(state, phase, model.Closed)

        let take next effects =
            LifecycleStep(next, effects, LifecycleVerdict.Taken, none)

        let fail reason next effects =
            LifecycleStep(next, LifecycleEffects.RecordError ||| effects, LifecycleVerdict.Taken, reason)

        let begin' next effects =
            LifecycleStep(next, effects, LifecycleVerdict.Begun, none)

        let join () =
            LifecycleStep(model, LifecycleEffects.None, LifecycleVerdict.Joined, none)

        let refuse reason =
            LifecycleStep(model, LifecycleEffects.None, LifecycleVerdict.Refused, reason)

        let ignore' () =
            LifecycleStep(model, LifecycleEffects.None, LifecycleVerdict.Ignored, none)

        // Whichever handles are open: at most one is.
        let answerAll =
            LifecycleEffects.CompleteStart
            ||| LifecycleEffects.CompleteStop
            ||| LifecycleEffects.ComeToRest

        match input with
        | LifecycleInput.Start ->
            match model.State with
            | SinkState.Starting -> join ()
            | _ when model.Closed -> refuse SinkErrorReason.EventLoopUnavailable
            | SinkState.Virgin
            | SinkState.Stopped -> begin' (to' SinkState.Starting LifecyclePhase.StartingHook) LifecycleEffects.RunStartingHook
            | _ -> refuse SinkErrorReason.InvalidLogSinkState

        | LifecycleInput.Stop ->
            match model.State with
            | SinkState.Stopping -> join ()
            | SinkState.Running -> begin' (to' SinkState.Stopping LifecyclePhase.Draining) LifecycleEffects.Drain
            | _ -> refuse SinkErrorReason.InvalidLogSinkState

        | LifecycleInput.StartingHookSucceeded ->
            match model.Phase with
            | LifecyclePhase.StartingHook when model.Closed ->
                fail
                    cancelled
                    (to' SinkState.Cancelled LifecyclePhase.CleanUpAfterStart)
                    (LifecycleEffects.HandOverUndelivered ||| LifecycleEffects.RunStoppedHook)
            | LifecyclePhase.StartingHook ->
                take
                    (to' SinkState.Running LifecyclePhase.Dispatching)
                    (LifecycleEffects.ClearError
                     ||| LifecycleEffects.LaunchDispatcher
                     ||| LifecycleEffects.CompleteStart)
            | _ -> ignore' ()

        | LifecycleInput.StartingHookFailed ->
            match model.Phase with
            | LifecyclePhase.StartingHook ->
                fail
                    SinkErrorReason.OnStartingHookFailed
                    (to' SinkState.Failure LifecyclePhase.HandingOver)
                    LifecycleEffects.HandOverUndelivered
            | _ -> ignore' ()

        | LifecycleInput.HandedOver ->
            match model.Phase with
            | LifecyclePhase.HandingOver -> take (to' model.State LifecyclePhase.AtRest) answerAll
            | _ -> ignore' ()

        | LifecycleInput.DispatchFailed
        | LifecycleInput.DispatchCancelled
        | LifecycleInput.DispatcherEnded ->
            let handOverAndClose =
                LifecycleEffects.HandOverUndelivered ||| LifecycleEffects.RunStoppedHook

            match model.Phase with
            | LifecyclePhase.Dispatching when input = LifecycleInput.DispatchFailed ->
                fail SinkErrorReason.UnexpectedError (to' SinkState.Failure LifecyclePhase.CleanUp) handOverAndClose
            | LifecyclePhase.Dispatching -> fail cancelled (to' SinkState.Cancelled LifecyclePhase.CleanUp) handOverAndClose
            | LifecyclePhase.Draining when model.Closed && input <> LifecycleInput.DispatchFailed ->
                fail cancelled (to' SinkState.Stopping LifecyclePhase.StoppedHookAfterFailure) handOverAndClose
            | LifecyclePhase.Draining ->
                fail SinkErrorReason.UnexpectedError (to' SinkState.Stopping LifecyclePhase.StoppedHookAfterFailure) handOverAndClose
            | LifecyclePhase.DrainingOverBudget -> take (to' SinkState.Stopping LifecyclePhase.StoppedHookAfterFailure) handOverAndClose
            | LifecyclePhase.EndingDispatcher when input = LifecycleInput.DispatchFailed ->
                take (to' SinkState.Cancelled LifecyclePhase.CleanUp) (LifecycleEffects.ReportInternalError ||| handOverAndClose)
            | LifecyclePhase.EndingDispatcher -> take (to' SinkState.Cancelled LifecyclePhase.CleanUp) handOverAndClose
            | _ -> ignore' ()

        | LifecycleInput.Drained ->
            match model.Phase with
            | LifecyclePhase.Draining -> take (to' SinkState.Stopping LifecyclePhase.StoppedHook) LifecycleEffects.RunStoppedHook
            | LifecyclePhase.DrainingOverBudget ->
                take (to' SinkState.Stopping LifecyclePhase.StoppedHook) (LifecycleEffects.ClearError ||| LifecycleEffects.RunStoppedHook)
            | _ -> ignore' ()

        | LifecycleInput.BudgetSpent ->
            match model.Phase with
            | LifecyclePhase.Draining ->
                fail
                    SinkErrorReason.UnexpectedError
                    (to' SinkState.Stopping LifecyclePhase.DrainingOverBudget)
                    (LifecycleEffects.FireToken ||| LifecycleEffects.EndDispatcher)
            | LifecyclePhase.StoppedHook ->
                fail
                    SinkErrorReason.UnexpectedError
                    (to' SinkState.Stopping LifecyclePhase.StoppedHookAfterFailure)
                    LifecycleEffects.FireToken
            | LifecyclePhase.StoppedHookAfterFailure -> take model LifecycleEffects.FireToken
            | _ -> ignore' ()

        | LifecycleInput.StoppedHookSucceeded
        | LifecycleInput.StoppedHookFailed ->
            let hookFailed = input = LifecycleInput.StoppedHookFailed

            let report =
                if hookFailed then
                    LifecycleEffects.ReportInternalError
                else
                    LifecycleEffects.None

            match model.Phase with
            | LifecyclePhase.StoppedHook when hookFailed ->
                fail
                    SinkErrorReason.OnStoppedHookFailed
                    (to' SinkState.Failure LifecyclePhase.AtRest)
                    (LifecycleEffects.CompleteStop ||| LifecycleEffects.ComeToRest)
            | LifecyclePhase.StoppedHook ->
                take (to' SinkState.Stopped LifecyclePhase.AtRest) (LifecycleEffects.CompleteStop ||| LifecycleEffects.ComeToRest)
            | LifecyclePhase.StoppedHookAfterFailure ->
                take
                    (to' SinkState.Failure LifecyclePhase.AtRest)
                    (report ||| LifecycleEffects.CompleteStop ||| LifecycleEffects.ComeToRest)
            | LifecyclePhase.CleanUp -> take (to' model.State LifecyclePhase.AtRest) (report ||| LifecycleEffects.ComeToRest)
            | LifecyclePhase.CleanUpAfterStart ->
                take (to' model.State LifecyclePhase.AtRest) (report ||| LifecycleEffects.CompleteStart ||| LifecycleEffects.ComeToRest)
            | _ -> ignore' ()

        | LifecycleInput.Close ->
            match model.Phase, model.State with
            | LifecyclePhase.AtRest, SinkState.Virgin ->
                let next = LifecycleModel(SinkState.Stopped, LifecyclePhase.AtRest, true)
                take next LifecycleEffects.ComeToRest
            | LifecyclePhase.AtRest, _ -> take model.AsClosed LifecycleEffects.None
            | _ -> ignore' ()

        | LifecycleInput.LoopClosing ->
            match model.Phase with
            | _ when model.Closed -> take model LifecycleEffects.None
            | LifecyclePhase.AtRest when model.State = SinkState.Virgin ->
                let next = LifecycleModel(SinkState.Cancelled, LifecyclePhase.AtRest, true)
                fail SinkErrorReason.EventLoopUnavailable next LifecycleEffects.ComeToRest
            | LifecyclePhase.Dispatching ->
                let next =
                    LifecycleModel(SinkState.Cancelled, LifecyclePhase.EndingDispatcher, true)

                fail cancelled next (LifecycleEffects.FireToken ||| LifecycleEffects.EndDispatcher)
            | LifecyclePhase.Draining -> take model.AsClosed (LifecycleEffects.FireToken ||| LifecycleEffects.EndDispatcher)
            | LifecyclePhase.AtRest -> take model.AsClosed LifecycleEffects.None
            | _ -> take model.AsClosed LifecycleEffects.FireToken

        | LifecycleInput.GivenUp when model.State <> SinkState.Stopping && model.Phase <> LifecyclePhase.HandingOver -> ignore' ()

        | LifecycleInput.GivenUp
        | LifecycleInput.LoopGone ->
            let rest state =
                LifecycleModel(state, LifecyclePhase.AtRest, true)

            let orphan state =
                LifecycleModel(state, LifecyclePhase.HandingOver, true)

            let handOver =
                LifecycleEffects.AbandonDispatcher ||| LifecycleEffects.HandOverUndelivered

            match model.Phase with
            | LifecyclePhase.AtRest when model.State = SinkState.Virgin ->
                fail SinkErrorReason.EventLoopUnavailable (rest SinkState.Cancelled) LifecycleEffects.ComeToRest
            | LifecyclePhase.StartingHook -> fail SinkErrorReason.EventLoopUnavailable (orphan SinkState.Cancelled) handOver
            | LifecyclePhase.Dispatching -> fail cancelled (orphan SinkState.Cancelled) handOver
            | LifecyclePhase.Draining -> fail cancelled (orphan SinkState.Failure) handOver
            | LifecyclePhase.DrainingOverBudget -> take (orphan SinkState.Failure) handOver
            | LifecyclePhase.EndingDispatcher -> take (orphan SinkState.Cancelled) handOver
            | LifecyclePhase.StoppedHook -> fail SinkErrorReason.OnStoppedHookFailed (rest SinkState.Failure) answerAll
            | LifecyclePhase.StoppedHookAfterFailure -> take (rest SinkState.Failure) answerAll
            | LifecyclePhase.CleanUp
            | LifecyclePhase.CleanUpAfterStart
            | LifecyclePhase.HandingOver -> take (rest model.State) answerAll
            | _ -> take model.AsClosed LifecycleEffects.None

        | _ -> ignore' ()
