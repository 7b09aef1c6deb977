namespace Mvx.Sink.Properties.Oracle

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open Mvx.Sink.Runtime

/// An exception of a backend call, by its number.
type IBackendError =
    abstract Call: int

type BackendException(call: int) =
    inherit Exception($"call {call}")

    interface IBackendError with
        member _.Call = call

type BackendCancelled(call: int, inner: exn | null) =
    inherit OperationCanceledException($"call {call}", inner)

    interface IBackendError with
        member _.Call = call

/// An event; the very same object must come back.
type Item(number: int) =
    member _.Number = number

/// One call of the backend as it happened. Ends at no time while it is in progress.
type CallRecord =
    {
        What: Call
        Begun: int64
        mutable Ended: int64
        mutable Answer: Answer option
    }

type private Waiting =
    {
        Index: int
        Gate: TaskCompletionSource<Answer>
        Holds: bool
    }

/// The backend of a sink under test: it answers as planned, waits where it is told to, and remembers what it was asked.
type Backend(plans: Plan list, mayBlock: bool, stamp: unit -> int64) =
    let sync = obj ()
    let plans = Array.ofList plans
    let calls = List<CallRecord>()
    let waiting = List<Waiting>()
    let complaints = List<string>()
    let mutable isOpen = false
    let mutable holding = 0
    let mutable items: Item list = []

    let finish index answer =
        lock sync (fun () ->
            calls[index].Answer <- Some answer
            calls[index].Ended <- stamp ())

        match answer with
        | Succeeds -> ()
        | Throws -> raise (BackendException index)
        | Cancels -> raise (BackendCancelled(index, null))
        | TimesOut -> raise (BackendCancelled(index, TimeoutException "timed out"))

    let enter kind numbers =
        lock sync (fun () ->
            let index = calls.Count

            calls.Add
                {
                    What = { Kind = kind; Items = numbers }
                    Begun = stamp ()
                    Ended = Int64.MaxValue
                    Answer = None
                }

            let plan =
                if index < plans.Length then
                    plans[index]
                else
                    AtOnce Succeeds

            let holds = plan = Blocks && mayBlock && kind <> HandOver

            match plan with
            | AtOnce answer -> index, AtOnce answer, None
            // Without a loop to come back to there is no later.
            | Later answer when not (isNull SynchronizationContext.Current) -> index, Later answer, None
            | Later answer -> index, AtOnce answer, None
            | Awaits _
            | Blocks when isOpen -> index, AtOnce Succeeds, None
            | _ ->
                let wait =
                    {
                        Index = index
                        Gate = TaskCompletionSource<Answer>()
                        Holds = holds
                    }

                waiting.Add wait

                if holds then
                    holding <- holding + 1
                    Monitor.PulseAll sync

                index, (if holds then Blocks else Awaits((plan = Awaits true))), Some wait)

    /// Answers a call that waits. Its continuation runs on its loop, or right here if it has none.
    let settle wait answer =
        let mine =
            lock sync (fun () ->
                let found = waiting.Remove wait

                if found && wait.Holds then
                    holding <- holding - 1

                found)

        if mine then
            wait.Gate.SetResult answer

        mine

    /// The loop that the sink is bound to.
    member val Loop: LoopHost option = None with get, set

    member _.Monitor = sync

    /// Whether a call blocks the loop's thread. Under the monitor.
    member _.IsHolding = holding > 0

    member _.Calls = lock sync (fun () -> List.ofSeq calls)

    member _.Complaints = lock sync (fun () -> List.ofSeq complaints)

    /// A new event.
    member _.NewItem number =
        let item = Item number
        lock sync (fun () -> items <- item :: items)
        item

    /// One call of the backend.
    member this.Begin(kind: CallKind, given: Item list, token: CancellationToken) : ValueTask =
        let isOurs (item: Item) =
            not (isNull (box item))
            && lock sync (fun () -> items |> List.exists (fun own -> obj.ReferenceEquals(own, item)))

        if not (List.forall isOurs given) then
            lock sync (fun () -> complaints.Add $"{kind} was given an event that nobody logged")

        // What is handed over when the loop is stuck or gone comes on another thread, everything else on the loop (rule P1).
        if
            kind <> HandOver
            && this.Loop
               |> Option.exists (fun loop -> not (obj.ReferenceEquals(LoopHost.Current, loop)))
        then
            lock sync (fun () -> complaints.Add $"{kind} ran off the loop")

        let numbers =
            given |> List.map (fun item -> if isNull (box item) then -1 else item.Number)

        let index, plan, wait = enter kind numbers

        match plan, wait with
        | AtOnce answer, _ ->
            finish index answer
            ValueTask.CompletedTask
        | Later answer, _ ->
            ValueTask(
                task {
                    do! Task.Yield()
                    finish index answer
                }
            )
        | Blocks, Some wait ->
            if not (wait.Gate.Task.Wait Patience.longest) then
                lock sync (fun () -> complaints.Add $"{kind} was never released")

            finish index wait.Gate.Task.Result
            ValueTask.CompletedTask
        | Awaits obeys, Some wait ->
            ValueTask(
                task {
                    // Not disposed: that would wait, off the loop, for a callback that is just running.
                    if obeys then
                        token.Register(fun () -> settle wait Cancels |> ignore) |> ignore

                    let! answer = wait.Gate.Task
                    finish index answer
                }
            )
        | _ -> invalidOp "a call that waits has something to wait for"

    /// Lets the newest waiting call answer.
    member _.Release answer =
        let newest =
            lock sync (fun () ->
                if waiting.Count = 0 then
                    None
                else
                    Some waiting[waiting.Count - 1])

        newest |> Option.iter (fun wait -> settle wait answer |> ignore)

    /// From now on nothing waits: who waits succeeds.
    member _.Open() =
        let all =
            lock sync (fun () ->
                isOpen <- true
                List.ofSeq waiting)

        for wait in all do
            settle wait Succeeds |> ignore

/// The sink under test.
type OracleSink(options: SinkOptions, backend: Backend) =
    inherit AsyncSink<Item>(options)

    override _.OnStartingAsync token = backend.Begin(StartingHook, [], token)

    override _.DispatchAsync(item, token) =
        backend.Begin(Dispatch, [ item ], token)

    override _.OnStoppedAsync token = backend.Begin(StoppedHook, [], token)

    override _.OnUndeliveredAsync(items, _) =
        backend.Begin(HandOver, List.ofSeq items, CancellationToken.None)
