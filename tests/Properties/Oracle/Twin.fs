namespace Mvx.Sink.Properties.Oracle

open Mvx.Sink.Model

/// What became of an event, in the order in which events end, which is the order of their acceptance.
type Fate =
    | WasDelivered
    | HasFailed
    | WasHandedOver

/// What is left to carry out of a step, one after the other.
type Stage =
    | CountUndelivered
    | CallHandOver of int list
    | CallStoppedHook
    | SayHandedOver

/// Where a termination stands.
type Ending =
    | Looks of failure: Error option
    | Saw of SinkState * failure: Error option
    | WaitsForStart of operation: int * failure: Error option
    | WaitsForStop of operation: int * failure: Error option
    | WaitsForRest of failure: Error option
    | TriesToClose of failure: Error option
    | Leaves of failure: Error option
    /// Waits for the first termination.
    | Follows
    | Ended of Error option

/// The clock that limits a stop.
type Budget =
    {
        Number: int
        Deadline: int
        Due: int option
        Stage: int
    }

/// A sink made of nothing but the model and an obedient reading of its effects: what a real one is compared with. Immutable, so that a
/// search can go back.
type Twin =
    {
        Lifecycle: LifecycleModel
        Limit: int64
        Policy: QueueOverflowPolicy
        MaxBatch: int
        OwnsItsLoop: bool
        Waits: int list
        Batch: int list
        Accepted: int
        Fates: Fate list
        Dropped: int
        Rejected: int
        IsDispatching: bool
        ToldToDrain: bool
        ToldToEnd: bool
        Fault: (LifecycleInput * Error option) option
        /// The call in progress, its number and the events it is given.
        InCall: (int * Call) option
        Calls: int
        Stages: Stage list
        // What has been posted to the loop and has not arrived there.
        StartPosted: bool
        DrainPosted: bool
        EndPosted: bool
        GiveUpPosted: bool
        ClosePosted: bool
        TokenFired: bool
        LastError: Error option
        OpenStart: int option
        OpenStop: int option
        Operations: int
        Results: Map<int, Outcome>
        Reports: int
        Now: int
        Budget: Budget option
        Budgets: int
        Endings: Ending list
        HasLoop: bool
    }

/// What an act answers at once.
type Response =
    | Nothing
    | Operation of int
    | NotBegun of Outcome
    | Offered of AdmissionVerdict
    /// The number of events that a flush waits for.
    | Awaited of int

/// One thing that a sink does by itself.
type Step =
    {
        Next: Twin
        /// The call that it begins, and the one that has ended before it.
        Begins: Call option
        Ends: int option
    }

module Twin =
    let private spent =
        Some
            {
                Reason = SinkErrorReason.UnexpectedError
                Call = None
            }

    let create limit policy maxBatch ownsItsLoop =
        {
            Lifecycle = LifecycleModel()
            Limit = limit
            Policy = policy
            MaxBatch = maxBatch
            OwnsItsLoop = ownsItsLoop
            Waits = []
            Batch = []
            Accepted = 0
            Fates = []
            Dropped = 0
            Rejected = 0
            IsDispatching = false
            ToldToDrain = false
            ToldToEnd = false
            Fault = None
            InCall = None
            Calls = 0
            Stages = []
            StartPosted = false
            DrainPosted = false
            EndPosted = false
            GiveUpPosted = false
            ClosePosted = false
            TokenFired = false
            LastError = None
            OpenStart = None
            OpenStop = None
            Operations = 0
            Results = Map.empty
            Reports = 0
            Now = 0
            Budget = None
            Budgets = 0
            Endings = []
            HasLoop = true
        }

    let private count fate twin =
        twin.Fates |> List.filter ((=) fate) |> List.length |> int64

    let ledger twin =
        SinkLedger(
            int64 twin.Accepted,
            int64 twin.Dropped,
            int64 twin.Rejected,
            count WasDelivered twin,
            count HasFailed twin,
            count WasHandedOver twin
        )

    let finished twin = List.length twin.Fates

    /// What became of the first events.
    let report accepted twin =
        let first = twin.Fates |> List.rev |> List.truncate accepted

        let count fate =
            first |> List.filter ((=) fate) |> List.length

        count WasDelivered, count HasFailed, count WasHandedOver

    let private beginCall kind items twin =
        let call = { Kind = kind; Items = items }

        {
            Next =
                { twin with
                    InCall = Some(twin.Calls, call)
                    Calls = twin.Calls + 1
                }
            Begins = Some call
            Ends = None
        }

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

    /// Offers an event; one that is not accepted is not counted yet.
    let offer number twin =
        let gate = Gate(twin.Lifecycle, int64 twin.Accepted)

        let decision = Admission.Offer(gate, int64 (finished twin), twin.Limit, twin.Policy)

        match decision.Verdict with
        | AdmissionVerdict.Accept
        | AdmissionVerdict.AcceptAndStart as verdict ->
            let started =
                if verdict = AdmissionVerdict.AcceptAndStart then
                    fst (request LifecycleInput.Start twin)
                else
                    twin

            { started with
                Accepted = twin.Accepted + 1
                Waits = twin.Waits @ [ number ]
            },
            verdict
        | verdict -> twin, verdict

    let countRefusal verdict twin =
        match verdict with
        | AdmissionVerdict.Drop -> { twin with Dropped = twin.Dropped + 1 }
        | AdmissionVerdict.Overflow
        | AdmissionVerdict.Refuse ->
            { twin with
                Rejected = twin.Rejected + 1
            }
        | _ -> twin

    /// Puts up a budget for the stop in progress and tells its number; of several the one that ends first counts. It does not run yet.
    let register operation deadline twin =
        if
            twin.OpenStop = Some operation
            && (twin.Budget |> Option.forall (fun budget -> budget.Deadline > deadline))
        then
            let number = twin.Budgets

            { twin with
                Budgets = number + 1
                Budget =
                    Some
                        {
                            Number = number
                            Deadline = deadline
                            Due = None
                            Stage = 0
                        }
            },
            Some number
        else
            twin, None

    /// Has a budget come due after a time, if it still counts.
    let arm number milliseconds twin =
        match twin.Budget with
        | Some budget when budget.Number = number ->
            { twin with
                Budget =
                    Some
                        { budget with
                            Due = Some(twin.Now + milliseconds)
                        }
            }
        | _ -> twin

    /// Moves the clock. The budget that is due then, and the stage it has come to.
    let advance milliseconds twin =
        let now = twin.Now + milliseconds

        match twin.Budget with
        | Some({ Due = Some due } as budget) when due <= now ->
            { twin with
                Now = now
                Budget =
                    Some
                        { budget with
                            Due = None
                            Stage = budget.Stage + 1
                        }
            },
            Some(budget.Number, budget.Stage)
        | _ -> { twin with Now = now }, None

    /// What a stage of a budget does.
    let fire stage twin =
        match stage with
        | 0 -> takeFrom true LifecycleInput.BudgetSpent spent twin
        | 1 ->
            { twin with
                GiveUpPosted = twin.HasLoop
            }
        | _ -> takeFrom false LifecycleInput.GivenUp spent twin

    /// How long a budget then waits for its next stage.
    let pause stage = if stage = 1 then 250 else 2000

    let private failedOf input = input = Succeeds |> not

    let private dispatchFault answer =
        Lifecycle.OfDispatchFault((answer = Cancels || answer = TimesOut), (answer = TimesOut))

    /// The call in progress has come to an answer.
    let private endCall number call answer twin =
        let free = { twin with InCall = None }
        let cause = Some { Reason = enum 0; Call = Some number }

        let hook succeeded failed =
            if failedOf answer then
                takeFrom false failed cause free
            else
                take succeeded free

        let next =
            match call.Kind with
            | CallKind.StartingHook -> hook LifecycleInput.StartingHookSucceeded LifecycleInput.StartingHookFailed
            | CallKind.StoppedHook -> hook LifecycleInput.StoppedHookSucceeded LifecycleInput.StoppedHookFailed
            | Dispatch when failedOf answer ->
                { free with
                    Batch = List.tail free.Batch
                    Fates = HasFailed :: free.Fates
                    Fault = Some(dispatchFault answer, cause)
                }
            | Dispatch ->
                { free with
                    Batch = List.tail free.Batch
                    Fates = WasDelivered :: free.Fates
                }
            | HandOver when failedOf answer -> { free with Reports = free.Reports + 1 }
            | HandOver -> free

        {
            Next = next
            Begins = None
            Ends = Some number
        }

    let private silently next =
        {
            Next = next
            Begins = None
            Ends = None
        }

    let private dispatch twin =
        let isEmpty = twin.Accepted = finished twin

        let ends input =
            silently (take input { twin with IsDispatching = false })

        match twin.Batch, twin.Waits with
        | [], _ when twin.ToldToEnd && twin.ToldToDrain && isEmpty -> [ ends LifecycleInput.Drained ]
        | [], _ when twin.ToldToEnd -> [ ends LifecycleInput.DispatcherEnded ]
        | [], [] when twin.ToldToDrain -> [ ends LifecycleInput.Drained ]
        | [], [] -> []
        | [], waits ->
            let size = min twin.MaxBatch (List.length waits)

            [
                beginCall
                    Dispatch
                    [ List.head waits ]
                    { twin with
                        Batch = List.take size waits
                        Waits = List.skip size waits
                    }
            ]
        | next :: _, _ -> [ beginCall Dispatch [ next ] twin ]

    let private stage twin =
        let rest =
            { twin with
                Stages = List.tail twin.Stages
            }

        match List.head twin.Stages with
        | CountUndelivered ->
            let items = rest.Batch @ rest.Waits

            [
                silently
                    { rest with
                        Batch = []
                        Waits = []
                        Fates = List.map (fun _ -> WasHandedOver) items @ rest.Fates
                        Stages =
                            [
                                if not items.IsEmpty then
                                    CallHandOver items
                            ]
                            @ rest.Stages
                    }
            ]
        | CallHandOver items -> [ beginCall HandOver items rest ]
        | CallStoppedHook -> [ beginCall CallKind.StoppedHook [] rest ]
        | SayHandedOver -> [ silently (take LifecycleInput.HandedOver rest) ]

    let private isAtRest twin =
        Invariants.IsAtRest twin.Lifecycle && twin.InCall.IsNone

    /// The next step of a termination, if it can take one.
    let private endingStep isBlocked ending twin =
        let finish failure twin =
            // Terminating a loop of its own ends that too.
            let closed =
                if twin.OwnsItsLoop then
                    take LifecycleInput.LoopClosing twin
                else
                    twin

            Some(closed, Ended(if twin.OwnsItsLoop then failure else None))

        match ending with
        | Looks failure -> Some(twin, Saw(twin.Lifecycle.State, failure))
        | Saw(SinkState.Starting, failure) ->
            match twin.OpenStart with
            | Some operation when twin.Lifecycle.State = SinkState.Starting -> Some(twin, WaitsForStart(operation, failure))
            | _ -> Some(twin, Looks failure)
        | Saw((SinkState.Running | SinkState.Stopping), failure) ->
            match request LifecycleInput.Stop twin with
            | next, Operation operation -> Some(next, WaitsForStop(operation, failure))
            | next, _ -> Some(next, Looks failure)
        | Saw((SinkState.Failure | SinkState.Cancelled), failure) -> Some(twin, WaitsForRest failure)
        | Saw(_, failure) -> Some(twin, TriesToClose failure)
        | WaitsForStart(operation, failure) when twin.Results.ContainsKey operation -> Some(twin, Looks failure)
        | WaitsForStop(operation, failure) when twin.Results.ContainsKey operation ->
            match twin.Results[operation] with
            | Failed error when error = spent.Value -> Some(twin, Leaves(Some error))
            | Failed error -> Some(twin, TriesToClose(Some error))
            | _ -> Some(twin, TriesToClose failure)
        | WaitsForRest failure when isAtRest twin -> Some(twin, TriesToClose failure)
        | Leaves failure -> finish failure twin
        | TriesToClose failure when not twin.HasLoop -> Some(twin, Leaves failure)
        | TriesToClose _ when isBlocked -> None
        | Follows ->
            match List.head twin.Endings with
            | Ended _ -> Some(twin, Ended None)
            | _ -> None
        | TriesToClose failure ->
            if Lifecycle.Step(twin.Lifecycle, LifecycleInput.Close).Verdict = LifecycleVerdict.Taken then
                Some(take LifecycleInput.Close twin, Leaves failure)
            else
                Some(twin, Looks failure)
        | _ -> None

    let private endings isBlocked twin =
        twin.Endings
        |> List.mapi (fun index ending -> index, ending)
        |> List.choose (fun (index, ending) ->
            endingStep isBlocked ending twin
            |> Option.map (fun (next, ending) ->
                silently
                    { next with
                        Endings = List.updateAt index ending next.Endings
                    }))

    /// Somebody terminates the sink.
    let terminate twin =
        let ending =
            if twin.OwnsItsLoop && not twin.Endings.IsEmpty then
                Follows
            else
                Looks None

        { twin with
            Endings = twin.Endings @ [ ending ]
        }

    /// Everything that can happen by itself now, what is to come first in a sequence first. A loop that is blocked runs nothing that is posted.
    let steps isBlocked (answerOf: int -> Call -> Answer option) twin =
        [
            if twin.EndPosted && not isBlocked then
                silently
                    { twin with
                        EndPosted = false
                        ToldToEnd = true
                    }
            if twin.DrainPosted && not isBlocked then
                silently
                    { twin with
                        DrainPosted = false
                        ToldToDrain = true
                    }
            if twin.ClosePosted && not isBlocked then
                silently (take LifecycleInput.LoopClosing { twin with ClosePosted = false })
            if twin.GiveUpPosted && not isBlocked then
                silently (takeFrom false LifecycleInput.GivenUp spent { twin with GiveUpPosted = false })

            match twin.InCall with
            | Some(number, call) ->
                match answerOf number call with
                | Some answer -> endCall number call answer twin
                | None -> ()
            | None ->
                match twin.Fault with
                | Some(input, cause) ->
                    silently (
                        takeFrom
                            false
                            input
                            cause
                            { twin with
                                Fault = None
                                IsDispatching = false
                            }
                    )
                | None when not twin.Stages.IsEmpty -> yield! stage twin
                | None when twin.StartPosted ->
                    beginCall
                        CallKind.StartingHook
                        []
                        { twin with
                            StartPosted = false
                            TokenFired = false
                        }
                | None when twin.IsDispatching -> yield! dispatch twin
                | None -> ()

            yield! endings isBlocked twin
        ]
