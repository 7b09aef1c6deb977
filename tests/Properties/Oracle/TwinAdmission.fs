namespace Mvx.Sink.Properties.Oracle

open Mvx.Sink.Model

/// Offers events.
module TwinAdmission =
    let private accept number twin =
        { twin with
            Accepted = twin.Accepted + 1
            Waits = twin.Waits @ [ number ]
        }

    /// The oldest that waits goes, where one does: what is in dispatch stays.
    let private makeRoom gate number twin =
        let oldest = TwinLedger.taken twin

        match Admission.MakeRoom(gate, int64 oldest).Verdict with
        | AdmissionVerdict.MakeRoom ->
            accept
                number
                { twin with
                    Evicted = Set.add oldest twin.Evicted
                    Waits = List.tail twin.Waits
                },
            AdmissionVerdict.Accept
        | verdict -> twin, verdict

    /// Offers an event; one that is not accepted is not counted yet.
    let offer number twin =
        let gate = Gate(twin.Lifecycle, int64 twin.Accepted)

        let decision =
            Admission.Offer(gate, int64 (TwinLedger.finished twin), twin.Limit, twin.Policy)

        match decision.Verdict with
        | AdmissionVerdict.Accept -> accept number twin, decision.Verdict
        | AdmissionVerdict.AcceptAndStart -> accept number (fst (TwinLifecycle.request LifecycleInput.Start twin)), decision.Verdict
        | AdmissionVerdict.MakeRoom -> makeRoom gate number twin
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
