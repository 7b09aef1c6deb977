/// Every rule, for the exhaustive walk.
module Mvx.Sink.Properties.Rules.AllRules

let all =
    [
        L01NewSink.rules
        L02Start.rules
        L03StartWhileStarting.rules
        L04StartRefused.rules
        L05StartingHookFails.rules
        L06Stop.rules
        L07StopWhileStopping.rules
        L08StopRefused.rules
        L09StoppedHookFails.rules
        L10Restart.rules
        L11Terminal.rules
        L12DispatchFails.rules
        L13DispatcherCancelled.rules
        L14DispatchFailsWhileStopping.rules
        StopBudget.rules
        LoopEnd.rules
        T07Closed.rules
        Handles.rules
        A01Accept.rules
        A02Refuse.rules
        A03AtTheLimit.rules
        A04Pending.rules
        A05ExactLimit.rules
        A11DropOldest.rules
        A12Wait.rules
        C01Conservation.rules
        Model.rules
    ]
    |> List.concat
