/// Numbers and texts that other versions, other languages and the gate word rely on.
module Mvx.Sink.Properties.Packing.EnumTests

open System
open Mvx.Sink.Model
open Mvx.Sink.Properties
open Xunit

let private numbers<'enum when 'enum: struct and 'enum :> Enum and 'enum: (new: unit -> 'enum)> () =
    Enum.GetValues<'enum>()
    |> Seq.map (fun value -> string value, Convert.ToInt32(box value))
    |> List.ofSeq

[<Fact>]
let ``The numbers of SinkState are fixed`` () =
    Expect.equal
        [
            "Virgin", 0
            "Starting", 1
            "Running", 2
            "Stopping", 3
            "Stopped", 4
            "Failure", 5
            "Cancelled", 6
        ]
        (numbers<SinkState>())

[<Fact>]
let ``The numbers of SinkErrorReason are fixed, and none is 0`` () =
    Expect.equal
        [
            "EventLoopUnavailable", 1
            "InvalidLogSinkState", 2
            "OnStartingHookFailed", 3
            "OnStoppedHookFailed", 4
            "QueueOverflow", 5
            "DispatcherUnexpectedlyCancelled", 6
            "UnexpectedError", 7
        ]
        (numbers<SinkErrorReason>())

[<Fact>]
let ``The text codes of the error reasons are fixed`` () =
    let codes =
        Enum.GetValues<SinkErrorReason>() |> Seq.map SinkErrorReasons.Code |> List.ofSeq

    Expect.equal
        [
            "EVENT_LOOP_UNAVAILABLE"
            "INVALID_LOG_SINK_STATE"
            "ON_STARTING_HOOK_FAILED"
            "ON_STOPPED_HOOK_FAILED"
            "QUEUE_OVERFLOW"
            "DISPATCHER_UNEXPECTEDLY_CANCELLED"
            "UNEXPECTED_ERROR"
        ]
        codes

    Expect.equal "NONE" (SinkErrorReasons.Code(enum 0))
    Expect.equal "NONE" (SinkErrorReasons.Code(enum 8))

[<Fact>]
let ``The numbers of operations, policies, outcomes and verdicts are fixed`` () =
    Expect.equal [ "Start", 0; "Stop", 1 ] (numbers<SinkOperation>())
    Expect.equal [ "RaiseError", 0; "Drop", 1; "DropOldest", 2; "Wait", 3 ] (numbers<QueueOverflowPolicy>())
    Expect.equal [ "Accepted", 0; "Dropped", 1; "QueueFull", 2; "InvalidState", 3 ] (numbers<LogOutcome>())

    Expect.equal
        [
            "Accept", 0
            "AcceptAndStart", 1
            "Drop", 2
            "Overflow", 3
            "Refuse", 4
            "MakeRoom", 5
            "Wait", 6
        ]
        (numbers<AdmissionVerdict>())

    Expect.equal [ "Taken", 0; "Begun", 1; "Joined", 2; "Refused", 3; "Ignored", 4 ] (numbers<LifecycleVerdict>())

[<Fact>]
let ``The numbers of the phases are fixed and fit in four bits`` () =
    Expect.equal
        [
            "AtRest", 0
            "StartingHook", 1
            "Dispatching", 2
            "Draining", 3
            "StoppedHook", 4
            "StoppedHookAfterFailure", 5
            "EndingDispatcher", 6
            "CleanUp", 7
            "CleanUpAfterStart", 8
            "HandingOver", 9
            "DrainingOverBudget", 10
        ]
        (numbers<LifecyclePhase>())

[<Fact>]
let ``The numbers of the inputs are fixed`` () =
    Expect.equal
        [
            "Start", 0
            "Stop", 1
            "StartingHookSucceeded", 2
            "StartingHookFailed", 3
            "DispatchFailed", 4
            "DispatchCancelled", 5
            "Drained", 6
            "DispatcherEnded", 7
            "StoppedHookSucceeded", 8
            "StoppedHookFailed", 9
            "Close", 10
            "LoopClosing", 11
            "LoopGone", 12
            "HandedOver", 13
            "BudgetSpent", 14
            "GivenUp", 15
        ]
        (numbers<LifecycleInput>())

[<Fact>]
let ``Effects are single bits in the order in which they are carried out`` () =
    let order =
        [
            "None"
            "RecordError"
            "ClearError"
            "RunStartingHook"
            "LaunchDispatcher"
            "Drain"
            "FireToken"
            "EndDispatcher"
            "AbandonDispatcher"
            "ReportInternalError"
            "HandOverUndelivered"
            "RunStoppedHook"
            "CompleteStart"
            "CompleteStop"
            "ComeToRest"
        ]

    Expect.equal
        (order
         |> List.mapi (fun index name -> name, (if index = 0 then 0 else 1 <<< (index - 1))))
        (numbers<LifecycleEffects>())
