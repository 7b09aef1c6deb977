namespace Mvx.Sink.Properties.Oracle

open Mvx.Sink.Model

/// The clock that limits a stop.
module TwinBudget =
    let spent =
        Some
            {
                Reason = SinkErrorReason.UnexpectedError
                Call = None
            }

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
        | 0 -> TwinLifecycle.takeFrom true LifecycleInput.BudgetSpent spent twin
        | 1 ->
            { twin with
                GiveUpPosted = twin.HasLoop
            }
        | _ -> TwinLifecycle.takeFrom false LifecycleInput.GivenUp spent twin

    /// How long a budget then waits for its next stage.
    let pause stage = if stage = 1 then 250 else 2000
