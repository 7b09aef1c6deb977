/// The model as the oracle of a real sink: one act after the other, and after each the two must look the same.
module Mvx.Sink.Properties.Oracle.SequentialTests

open System
open System.Diagnostics
open System.Threading
open Mvx.Sink.Properties
open Xunit

/// How often a loop on which nothing else works is turned before what it shows is believed.
let private turns = 60

let private show (view: View) = sprintf "%A" view

let private differs act expected actual =
    let expected = expected |> List.map (Script.view >> show) |> String.concat "\nor, "

    Patience.isLost ()
    Expect.fail $"After {act} the model's sink is\n{expected}\nand the real one\n{show actual}"

/// Lets the real sink come to quiet; the scripts that look like it then.
let private meet act (real: Real) scripts =
    let like view =
        scripts |> List.filter (fun script -> Script.view script = view)

    let start = Stopwatch.GetTimestamp()

    let rec wait turn =
        real.Host.Turn real.Backend
        let view = real.View
        // A termination runs on a thread of its own, which no turn of the loop waits for.
        let isAlone = view.Terminations |> List.forall Option.isSome
        let isOver = isAlone && turn >= turns

        match like view with
        | [] when isOver || Stopwatch.GetElapsedTime start > Patience.now () -> differs act scripts view
        | [] ->
            if not isAlone then
                Thread.Yield() |> ignore

            wait (turn + 1)
        | _ -> ()

    wait 0
    // What the model does not know of may come a moment later.
    real.Host.Turn real.Backend
    real.Host.Turn real.Backend
    let view = real.View

    match like view with
    | [] ->
        differs act scripts view
        []
    | same -> same

let private play host scenario =
    let before = SynchronizationContext.Current
    SynchronizationContext.SetSynchronizationContext null
    use host: IHost = host ()

    try
        let mutable stamp = 0L
        let real = Real(scenario, host, (fun () -> Interlocked.Increment &stamp))

        let step scripts act =
            real.Act act

            scripts
            |> Script.meanwhile
            |> List.map (Script.act act)
            |> Script.settle
            |> meet act real

        let scripts = List.fold step [ Script.create scenario ] scenario.Acts
        real.Backend.Open()

        let opened =
            scripts
            |> Script.meanwhile
            |> List.map Script.openUp
            |> Script.settle
            |> meet "all waiting calls" real

        let terminated = step opened Terminate

        let hasEnded () =
            real.View.Terminations |> List.forall Option.isSome

        let isOver () =
            host.Turn real.Backend
            hasEnded ()

        Expect.holds $"a termination does not end: {show real.View}" (SpinWait.SpinUntil(isOver, Patience.now ()))

        let last =
            terminated
            |> Script.meanwhile
            |> List.filter (fun script -> Script.isEnded script && Script.isQuiet script)
            |> meet "all terminations" real

        for script in last do
            Expect.holds "a request is not answered" (script.Twin.OpenStart.IsNone && script.Twin.OpenStop.IsNone)
            Expect.equal 0L (Twin.ledger script.Twin).Pending
    finally
        SynchronizationContext.SetSynchronizationContext before

[<Fact>]
let ``In a foreign context a sink does what the model does, act by act`` () =
    Run.forAllOf 4 (Scenario.sequential ForeignContext) (play (fun () -> new PumpedHost() :> IHost))

[<Fact>]
let ``On a loop of its own a sink does what the model does, act by act`` () =
    Run.forAllOf 1 (Scenario.sequential OwnLoop) (play (fun () -> new OwnLoopHost() :> IHost))
