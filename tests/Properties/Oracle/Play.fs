namespace Mvx.Sink.Properties.Oracle

open System
open System.Diagnostics
open System.Threading
open Mvx.Sink.Properties

/// Plays acts to a real sink and to the model's, and has the two compared after each.
module Play =
    /// How often a loop on which nothing else works is turned before what it shows is believed.
    let turns = 60

    let show (view: View) = sprintf "%A" view

    let private differs act expected actual =
        let expected =
            expected
            |> List.map (Script.view >> show)
            |> List.distinct
            |> String.concat "\nor, "

        Patience.isLost ()
        Expect.fail $"After {act} the model's sink is\n{expected}\nand the real one\n{show actual}"

    /// Lets the real sink come to quiet; the scripts that look like it then.
    let meet act (real: Real) scripts =
        let like view =
            scripts |> List.filter (fun script -> Script.view script = view)

        let start = Stopwatch.GetTimestamp()

        let rec wait turn =
            real.Host.Turn real.Backend
            let view = real.View
            // No turn of the loop waits for a termination, nor for what is done about a lost loop: they have threads of their own.
            let isAlone = not real.IsLoopLost && view.Terminations |> List.forall Option.isSome
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

    /// One act, done to both.
    let step (real: Real) scripts act =
        real.Act act

        scripts
        |> Script.meanwhile
        |> List.map (Script.act act)
        |> Script.settle
        |> meet act real

    /// Runs a test without the test framework's context, which is no loop.
    let alone (action: unit -> unit) =
        let before = SynchronizationContext.Current
        SynchronizationContext.SetSynchronizationContext null

        try
            action ()
        finally
            SynchronizationContext.SetSynchronizationContext before

    /// Waits for something that the loop brings about, or a thread beside it.
    let until what (real: Real) (condition: unit -> bool) =
        let look () =
            real.Host.Turn real.Backend
            condition ()

        if not (SpinWait.SpinUntil(look, Patience.now ())) then
            Patience.isLost ()
            Expect.fail $"not in time: {what}; the sink is\n{show real.View}"
