/// The model as the oracle of a real sink under several callers at once: what they saw must be what some order of the model's steps shows.
module Mvx.Sink.Properties.Oracle.ConcurrentTests

open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Runtime
open Xunit

/// What a deed left behind that is known at the end only.
type private Trace =
    | Seen of Saw
    | Pledge of SinkWaitHandle
    | Flushed of Task<FlushReport>
    | Terminated of Task<exn option>

let private doOne (real: Real) item act =
    match act with
    | Start -> Pledge(real.Sink.Start())
    | Stop -> Pledge(real.Sink.Stop())
    | StopWithin milliseconds -> Pledge(real.Sink.Stop(System.TimeSpan.FromMilliseconds(float milliseconds)))
    | Log -> Seen(WasTold(real.Log item))
    | TryLog -> Seen(WasTold(real.TryLog item))
    | Flush -> Flushed(real.Sink.FlushAsync().AsTask())
    | ReadState -> Seen(State real.Sink.State)
    | ReadLedger -> Seen(Figures real.Sink.Ledger)
    | Terminate -> Terminated(real.Host.Terminate real.Sink)
    | Advance _
    | Release _
    | CloseLoop
    | LoseLoop ->
        real.Act act
        Seen Nothing

let private doAll (real: Real) (stamp: unit -> int64) branch acts =
    acts
    |> List.mapi (fun index act ->
        let item = 100 * (branch + 1) + index
        let from = stamp ()
        let trace = doOne real item act

        {
            Act = act
            Item = item
            From = from
            To = stamp ()
            Saw = Nothing
        },
        trace)

/// Has each branch done by a thread of its own, all at once.
let private sideBySide real stamp branches =
    let gate = new Barrier(List.length branches)
    let results = branches |> List.map (fun _ -> TaskCompletionSource<_>())

    List.zip branches results
    |> List.iteri (fun branch (acts, result) ->
        let run () =
            try
                gate.SignalAndWait()
                result.SetResult(doAll real stamp branch acts)
            with error ->
                result.SetException error

        Thread(run, IsBackground = true).Start())

    results
    |> List.map (fun result ->
        Expect.holds "a caller does not return" (result.Task.Wait Patience.longest)
        result.Task.Result)

let private complete (handles: List<SinkWaitHandle>) (deed, trace) =
    match trace with
    | Seen saw -> { deed with Saw = saw }
    | Pledge handle ->
        if not (handles.Contains handle) then
            handles.Add handle

        { deed with
            Saw = Handle(handles.IndexOf handle, Seen.outcome (handle.AsTask().Result))
        }
    | Flushed flush ->
        { deed with
            Saw = Report(Seen.report flush.Result)
        }
    | Terminated _ -> deed

let private isComplete (_, trace) =
    match trace with
    | Seen _ -> true
    | Pledge handle -> handle.IsCompleted
    | Flushed flush -> flush.IsCompleted
    | Terminated termination -> termination.IsCompleted

/// Nothing is on its way: where the sink stands, it stays until somebody comes.
let private isIdle (real: Real) =
    match real.Sink.State with
    | SinkState.Starting
    | SinkState.Stopping -> false
    | _ -> real.Sink.Ledger.Pending = 0L

let private observe (real: Real) stamp branches =
    let traces = sideBySide real stamp branches
    real.Backend.Open()
    Play.until "that the sink is idle" real (fun () -> isIdle real)
    let last = doAll real stamp (List.length branches) [ Terminate ]
    let all = traces @ [ last ]

    Play.until "that everybody is answered" real (fun () -> all |> List.forall (List.forall isComplete))
    let handles = List()

    {
        Branches = all |> List.map (List.map (complete handles))
        Backend = real.Backend.Calls
        Last = real.View
        Threw =
            [
                for _, trace in List.concat all do
                    match trace with
                    | Terminated termination -> termination.Result |> Option.map Seen.error
                    | _ -> ()
            ]
    }

/// Whether the end of a search is the end that was observed.
let private explains script (observed: Observed) (point: Point) =
    let model =
        Script.view
            { script with
                Twin = point.Twin
                Log = observed.Backend |> List.map _.What |> List.rev
            }

    let threw =
        point.Twin.Endings
        |> List.map (function
            | Ended error -> Some error
            | _ -> None)

    let deedHolds branch index (deed: Deed) =
        match deed.Saw with
        | Handle(handle, outcome) ->
            match Map.tryFind handle point.Operations with
            | Some operation -> Map.tryFind operation point.Twin.Results = Some outcome
            | None -> true
        | Report(delivered, failed, undelivered, dropped) ->
            TwinLedger.report point.Flushes[branch, index] point.Twin = (delivered, failed, undelivered, dropped)
        | _ -> true

    // Everybody is answered before a clean-up is over, and terminations were compared by what they threw.
    let comparable view =
        { view with
            IsAtRest = true
            Terminations = []
        }

    comparable model = comparable observed.Last
    && List.sort threw = List.sort (observed.Threw |> List.map Some)
    && observed.Branches
       |> List.mapi (deedHolds >> List.mapi)
       |> List.concat
       |> List.forall id

let private points = List<int>()

let private playOnce (newHost: unit -> IHost) (scenario: Scenario) =
    Play.alone (fun () ->
        use host = newHost ()
        let mutable clock = 0L
        let stamp () = Interlocked.Increment &clock
        let real = Real(scenario, host, stamp)

        let scripts = List.fold (Play.step real) [ Script.create scenario ] scenario.Acts

        let observed = observe real stamp scenario.Branches

        let orders =
            scripts
            |> List.map (fun script -> Search.run script observed (explains script observed))

        let isExplained =
            function
            | Search.Explained _ -> true
            | _ -> false

        for order in orders do
            match order with
            | Search.Explained count
            | Search.Unexplained count -> points.Add count
            | Search.GaveUp -> Expect.fail $"The search for an order gave up:\n{observed}"

        if not (List.exists isExplained orders) then
            Patience.isLost ()
            Expect.fail $"No order of the model's steps explains what was seen:\n{observed}")

/// A failure depends on the scheduler. Once there is one, each smaller scenario gets many chances to fail.
let private play newHost =
    let mutable attempts = 1

    fun scenario ->
        for _ in 1..attempts do
            try
                playOnce newHost scenario
            with _ ->
                attempts <- 30
                reraise ()

[<Fact>]
let ``On a loop of its own what several callers see is an order of the model's steps`` () =
    Run.forAllOf 2 (Scenario.concurrent OwnLoop) (play (fun () -> new OwnLoopHost() :> IHost))

[<Fact>]
let ``In a foreign context what several callers see is an order of the model's steps`` () =
    Run.forAllOf 2 (Scenario.concurrent ForeignContext) (play (fun () -> new ThreadedHost() :> IHost))
