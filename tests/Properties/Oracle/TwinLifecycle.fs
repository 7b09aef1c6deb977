namespace Mvx.Sink.Properties.Oracle

open Mvx.Sink.Model

/// The lifecycle's steps and their effects, as far as they can be seen.
module TwinLifecycle =
    let private complete operation (state: SinkState) success twin =
        match operation with
        | None -> twin
        | Some operation ->
            let outcome =
                if state = success then
                    Success
                else
                    Failed(Option.defaultValue { Reason = enum 0; Call = None } twin.LastError)

            { twin with
                Results = Map.add operation outcome twin.Results
            }

    /// Carries one effect out; <paramref name="posted"/> when somebody off the loop asked for it.
    let private carryOut posted cause (step: LifecycleStep) effect twin =
        match effect with
        | LifecycleEffects.RecordError ->
            let call =
                if step.Reason = SinkErrorReason.EventLoopUnavailable then
                    None
                else
                    cause |> Option.bind _.Call

            { twin with
                LastError = Some { Reason = step.Reason; Call = call }
            }
        | LifecycleEffects.ClearError -> { twin with LastError = None }
        | LifecycleEffects.RunStartingHook -> { twin with StartPosted = true }
        | LifecycleEffects.LaunchDispatcher ->
            { twin with
                IsDispatching = true
                ToldToDrain = false
                ToldToEnd = false
            }
        | LifecycleEffects.Drain -> { twin with DrainPosted = true }
        | LifecycleEffects.FireToken -> { twin with TokenFired = true }
        | LifecycleEffects.EndDispatcher when posted -> { twin with EndPosted = true }
        | LifecycleEffects.EndDispatcher -> { twin with ToldToEnd = true }
        | LifecycleEffects.AbandonDispatcher ->
            { twin with
                IsDispatching = false
                InCall = None
                StartPosted = false
                Fault = None
            }
        | LifecycleEffects.ReportInternalError -> { twin with Reports = twin.Reports + 1 }
        | LifecycleEffects.HandOverUndelivered ->
            { twin with
                Stages =
                    [
                        CountUndelivered
                        if not (step.Has LifecycleEffects.RunStoppedHook) then
                            SayHandedOver
                    ]
            }
        | LifecycleEffects.RunStoppedHook ->
            { twin with
                Stages = twin.Stages @ [ CallStoppedHook ]
            }
        | LifecycleEffects.CompleteStart ->
            { complete twin.OpenStart step.Next.State SinkState.Running twin with
                OpenStart = None
            }
        | LifecycleEffects.CompleteStop ->
            { complete twin.OpenStop step.Next.State SinkState.Stopped twin with
                OpenStop = None
                Budget = None
            }
        | _ -> twin

    let private effects = List.init 14 (fun bit -> enum<LifecycleEffects>(1 <<< bit))

    let private takeStep posted cause (step: LifecycleStep) twin =
        effects
        |> List.filter step.Has
        |> List.fold (fun twin effect -> carryOut posted cause step effect twin) { twin with Lifecycle = step.Next }

    /// An input of the lifecycle.
    let takeFrom posted input cause twin =
        let step = Lifecycle.Step(twin.Lifecycle, input)

        if step.Verdict <> LifecycleVerdict.Taken then
            twin
        elif input = LifecycleInput.GivenUp || input = LifecycleInput.LoopGone then
            // Whatever was in progress is not waited for any longer.
            takeStep
                posted
                cause
                step
                { twin with
                    InCall = None
                    Stages = []
                    StartPosted = false
                }
        else
            takeStep posted cause step twin

    let take input twin = takeFrom false input None twin

    /// The loop is told to end.
    let closeLoop twin =
        { take LifecycleInput.LoopClosing twin with
            IsLoopClosing = true
        }

    /// A caller's start or stop.
    let request input twin =
        let step = Lifecycle.Step(twin.Lifecycle, input)
        let isStart = input = LifecycleInput.Start

        match step.Verdict with
        | LifecycleVerdict.Begun ->
            let number = twin.Operations

            let begun =
                { takeStep true None step twin with
                    Operations = number + 1
                }

            (if isStart then
                 { begun with OpenStart = Some number }
             else
                 { begun with OpenStop = Some number }),
            Operation number
        | LifecycleVerdict.Joined -> twin, Operation (if isStart then twin.OpenStart else twin.OpenStop).Value
        | _ when step.Reason = SinkErrorReason.EventLoopUnavailable ->
            // What ended the sink is inside.
            twin,
            NotBegun(
                Failed
                    {
                        Reason = step.Reason
                        Call = twin.LastError |> Option.bind _.Call
                    }
            )
        | _ -> twin, NotBegun(WrongState twin.Lifecycle.State)
