namespace Mvx.Sink.Properties.Oracle

open Mvx.Sink.Model

/// What the dispatcher and the hooks do, one call of the backend at a time.
module TwinBackend =
    let private failedOf input = input = Succeeds |> not

    let private dispatchFault answer =
        Lifecycle.OfDispatchFault((answer = Cancels || answer = TimesOut), (answer = TimesOut))

    /// The call in progress has come to an answer.
    let endCall number call answer twin =
        let free = { twin with InCall = None }
        let cause = Some { Reason = enum 0; Call = Some number }

        let hook succeeded failed =
            if failedOf answer then
                TwinLifecycle.takeFrom false failed cause free
            else
                TwinLifecycle.take succeeded free

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
                let delivered =
                    { free with
                        Batch = List.tail free.Batch
                        Fates = WasDelivered :: free.Fates
                    }

                if delivered.Batch.IsEmpty then
                    TwinLedger.settle delivered
                else
                    delivered
            | HandOver when failedOf answer -> { free with Reports = free.Reports + 1 }
            | HandOver -> free

        {
            Next = next
            Begins = None
            Ends = Some number
        }


    let dispatch twin =
        let isEmpty = twin.Accepted = TwinLedger.finished twin

        let ends input =
            TwinStep.silently (TwinLifecycle.take input { twin with IsDispatching = false })

        match twin.Batch, twin.Waits with
        | [], _ when twin.ToldToEnd && twin.ToldToDrain && isEmpty -> [ ends LifecycleInput.Drained ]
        | [], _ when twin.ToldToEnd -> [ ends LifecycleInput.DispatcherEnded ]
        | [], [] when twin.ToldToDrain -> [ ends LifecycleInput.Drained ]
        | [], [] -> []
        | [], waits ->
            let size = min twin.MaxBatch (List.length waits)

            [
                TwinStep.beginCall
                    Dispatch
                    [ List.head waits ]
                    { twin with
                        Batch = List.take size waits
                        Waits = List.skip size waits
                    }
            ]
        | next :: _, _ -> [ TwinStep.beginCall Dispatch [ next ] twin ]

    let stage twin =
        let rest =
            { twin with
                Stages = List.tail twin.Stages
            }

        match List.head twin.Stages with
        | CountUndelivered ->
            let items = rest.Batch @ rest.Waits

            [
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
                |> TwinLedger.settle
                |> TwinStep.silently
            ]
        | CallHandOver items -> [ TwinStep.beginCall HandOver items rest ]
        | CallStoppedHook -> [ TwinStep.beginCall CallKind.StoppedHook [] rest ]
        | SayHandedOver -> [ TwinStep.silently (TwinLifecycle.take LifecycleInput.HandedOver rest) ]
