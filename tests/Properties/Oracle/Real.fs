namespace Mvx.Sink.Properties.Oracle

open System
open System.Collections.Concurrent
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open Mvx.Sink.Model
open Mvx.Sink.Runtime

/// What sinks report to the one hook of the process, by the sink's name.
module Reports =
    let private counts = ConcurrentDictionary<string, int>()

    let private count (error: exn) =
        match error.Data[SinkDiagnostics.ContextKey] with
        | :? string as context when
            context.StartsWith("clean-up of sink '", StringComparison.Ordinal)
            || context.StartsWith("OnUndeliveredAsync of sink '", StringComparison.Ordinal)
            ->
            counts.AddOrUpdate(context.Split('\'')[1], 1, (fun _ count -> count + 1))
            |> ignore
        | _ -> ()

    let mutable private names = 0

    /// A name that no other sink has.
    let newName () =
        SinkDiagnostics.InternalError <- count
        $"oracle {Interlocked.Increment &names}"

    let about name =
        match counts.TryGetValue name with
        | true, count -> count
        | _ -> 0

module Seen =
    let rec private callOf (error: exn | null) =
        match error with
        | null -> None
        | error ->
            match box error with
            | :? IBackendError as error -> Some error.Call
            | _ -> callOf error.InnerException

    let error (error: exn) =
        match error with
        | :? SinkException as error ->
            {
                Reason = error.Reason
                Call = callOf error
            }
        | error -> invalidOp $"not an error of a sink: {error}"

    let outcome (result: SinkOperationResult) =
        match result.Error with
        | null -> Success
        | :? InvalidSinkStateException as refusal -> WrongState refusal.State
        | failure -> Failed(error failure)

    let report (report: FlushReport) =
        int report.Delivered, int report.Failed, int report.Undelivered, int report.Dropped

/// A real sink, what is done to it, and what can be seen of it.
type Real(scenario: Scenario, host: IHost, stamp: unit -> int64) =
    let name = Reports.newName ()
    let clock = Clock()
    let backend = Backend(scenario.Plans, (scenario.Host = OwnLoop), stamp)

    let options =
        SinkOptions(
            Namespace = name,
            QueueMaxSize = scenario.Limit,
            OverflowPolicy = scenario.Policy,
            MaxBatchSize = scenario.MaxBatch,
            TimeProvider = clock,
            StopBudget = Timeout.InfiniteTimeSpan
        )

    let sink = host.Construct(fun () -> new OracleSink(options, backend))
    do backend.Loop <- Some (sink :> ILoopBound).Loop
    let handles = List<SinkWaitHandle>()
    let told = List<Told>()
    let flushes = List<Task<FlushReport>>()
    let terminations = List<Task<exn option>>()

    member _.Sink = sink
    member _.Backend = backend
    member _.Clock = clock
    member _.Host = host
    member _.IsLoopLost = (sink :> ILoopBound).Loop.HasEnded

    member _.TryLog number =
        Told(sink.TryLog(backend.NewItem number))

    member _.Log number =
        try
            sink.Log(backend.NewItem number)
            Returned
        with
        | :? QueueOverflowException -> Full
        | :? InvalidSinkStateException as refusal -> Refused refusal.State

    /// Does one act; the real thing decides what comes of it.
    member this.Act act =
        let event () = told.Count

        match act with
        | Start -> handles.Add(sink.Start())
        | Stop -> handles.Add(sink.Stop())
        | StopWithin milliseconds -> handles.Add(sink.Stop(TimeSpan.FromMilliseconds(float milliseconds)))
        | Log -> told.Add(this.Log(event ()))
        | TryLog -> told.Add(this.TryLog(event ()))
        | Flush -> flushes.Add(sink.FlushAsync().AsTask())
        | Release answer -> backend.Release answer
        | Advance milliseconds -> clock.Advance milliseconds
        | Terminate -> terminations.Add(host.Terminate sink)
        | CloseLoop -> host.Close()
        | LoseLoop ->
            host.Lose sink
            // The sink is told on a thread of its own, which may change nothing that can be seen.
            SpinWait.SpinUntil(
                (fun () -> sink.State = SinkState.Virgin || (sink :> ILoopBound).IsClosed),
                min (Patience.now ()) (TimeSpan.FromSeconds 2.0)
            )
            |> ignore
        | ReadState
        | ReadLedger -> ()

    member _.View =
        let state = sink.State

        {
            State = state
            IsAtRest = (sink :> ILoopBound).WhenAtRest().IsCompleted
            Ledger = sink.Ledger
            LastError = sink.LastError |> Option.ofObj |> Option.map Seen.error
            Calls = backend.Calls |> List.map _.What
            Told = List.ofSeq told
            Handles =
                [
                    for handle in handles do
                        {
                            Shares = handles.FindIndex(fun first -> obj.ReferenceEquals(first, handle))
                            Result =
                                if handle.IsCompleted then
                                    Some(Seen.outcome (handle.AsTask().Result))
                                else
                                    None
                        }
                ]
            Flushes =
                [
                    for flush in flushes do
                        if flush.IsCompleted then
                            Some(Seen.report flush.Result)
                        else
                            None
                ]
            Terminations =
                [
                    for termination in terminations do
                        if termination.IsCompleted then
                            Some(termination.Result |> Option.map Seen.error)
                        else
                            None
                ]
            Reports = Reports.about name
            Complaints = backend.Complaints
        }
