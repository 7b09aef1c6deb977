namespace Mvx.Sink.Properties.Oracle

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open Mvx.Sink.Properties
open Mvx.Sink.Runtime

/// Where the sink under test lives.
type IHost =
    inherit IDisposable
    abstract Construct: (unit -> OracleSink) -> OracleSink
    /// Lets the loop run what it has been given, unless a backend call blocks it.
    abstract Turn: Backend -> unit
    abstract Terminate: OracleSink -> Task<exn option>
    abstract Close: unit -> unit
    abstract Lose: OracleSink -> unit

module private Off =
    /// Runs something that blocks on a thread of its own and tells what it threw.
    let thread (action: unit -> unit) =
        let outcome = TaskCompletionSource<exn option>()

        let run () =
            try
                action ()
                outcome.SetResult None
            with error ->
                outcome.SetResult(Some error)

        Thread(run, IsBackground = true).Start()
        outcome.Task

/// A loop with a thread of its own.
type OwnLoopHost() =
    let loop = new SinkLoop("oracle")
    let mutable managed: ManagedSink<OracleSink> option = None
    let mutable isClosing = false

    let isAtRest () =
        (managed.Value.Sink :> ILoopBound).WhenAtRest().IsCompleted

    interface IHost with
        member _.Construct construct =
            let invocation = loop.InvokeAsync construct
            Expect.holds "the loop does not run" (invocation.Wait Patience.longest)
            managed <- Some(new ManagedSink<OracleSink>(invocation.Result, loop))
            invocation.Result

        member _.Turn backend =
            let mutable isDone = false

            let arrive _ =
                lock backend.Monitor (fun () ->
                    isDone <- true
                    Monitor.PulseAll backend.Monitor)

            if loop.Host.TryPost(SendOrPostCallback arrive, null) then
                let deadline = DateTime.UtcNow + Patience.longest

                lock backend.Monitor (fun () ->
                    while not isDone
                          && not backend.IsHolding
                          && not loop.Host.HasEnded
                          && DateTime.UtcNow < deadline do
                        Monitor.Wait(backend.Monitor, 100) |> ignore)

            // What comes back to a loop that has ended is not run, so it matters whether it has.
            if isClosing && isAtRest () && not backend.IsHolding then
                let isOver () = loop.Host.HasEnded || backend.IsHolding
                Expect.holds "a closing loop whose sink is at rest does not end" (SpinWait.SpinUntil(isOver, Patience.longest))

        member _.Terminate _ =
            let managed = managed.Value
            Off.thread managed.Terminate

        member _.Close() =
            isClosing <- true
            loop.Host.BeginClose()

        member this.Lose _ = loop.Host.Join TimeSpan.Zero

        member _.Dispose() =
            loop.Host.BeginClose()
            // Nobody waits for it: whatever it did has been seen, and a loop whose sink is at rest ends.
            ()

/// A serial context whose callbacks run on the thread that turns it.
type PumpedContext() =
    inherit SynchronizationContext()

    let posted = Queue<struct (SendOrPostCallback * (obj | null))>()
    let mutable broken = false

    member _.Break() = broken <- true

    override _.Post(callback: SendOrPostCallback, state: obj | null) =
        if broken then
            invalidOp "the context is broken"

        lock posted (fun () -> posted.Enqueue(struct (callback, state)))

    member _.RunPosted() =
        let take () =
            lock posted (fun () ->
                match posted.TryDequeue() with
                | true, work -> ValueSome work
                | _ -> ValueNone)

        let mutable next = take ()

        while next.IsSome do
            let struct (callback, state) = next.Value
            callback.Invoke state
            next <- take ()

/// A serial context with a thread of its own.
type ThreadedContext() as this =
    inherit SynchronizationContext()

    let posted =
        new Collections.Concurrent.BlockingCollection<struct (SendOrPostCallback * (obj | null))>()

    let run () =
        SynchronizationContext.SetSynchronizationContext this

        for struct (callback, state) in posted.GetConsumingEnumerable() do
            callback.Invoke state

    do Thread(run, IsBackground = true).Start()

    override _.Post(callback: SendOrPostCallback, state: obj | null) = posted.Add(struct (callback, state))

    member _.End() = posted.CompleteAdding()

module private Foreign =
    let construct (context: SynchronizationContext) construct =
        let before = SynchronizationContext.Current
        SynchronizationContext.SetSynchronizationContext context

        try
            construct ()
        finally
            SynchronizationContext.SetSynchronizationContext before

    let dispose (sink: OracleSink) =
        Off.thread (fun () -> sink.DisposeAsync().AsTask().GetAwaiter().GetResult())

/// Somebody else's serial context, turned by the test: nothing happens that the test does not see.
type PumpedHost() =
    let context = PumpedContext()

    interface IHost with
        member _.Construct construct = Foreign.construct context construct
        member _.Turn _ = context.RunPosted()
        member _.Terminate sink = Foreign.dispose sink
        member _.Close() = ()

        member _.Lose sink =
            context.Break()
            // The loop finds out when it wants to run something.
            (sink :> ILoopBound).Loop.TryPost(SendOrPostCallback ignore, null) |> ignore

        member _.Dispose() = ()

/// Somebody else's serial context on a thread.
type ThreadedHost() =
    let context = ThreadedContext()

    interface IHost with
        member _.Construct construct = Foreign.construct context construct

        member _.Turn _ =
            let arrived = new ManualResetEventSlim()
            context.Post(SendOrPostCallback(fun _ -> arrived.Set()), null)
            arrived.Wait Patience.longest |> ignore

        member _.Terminate sink = Foreign.dispose sink
        member _.Close() = ()
        member _.Lose _ = ()
        member _.Dispose() = context.End()
