/// The model as the oracle of a real sink: one act after the other, and after each the two must look the same.
module Mvx.Sink.Properties.Oracle.SequentialTests

open System.Threading
open Mvx.Sink.Properties
open Mvx.Sink.Runtime
open Xunit

let private play (newHost: unit -> IHost) scenario =
    Play.alone (fun () ->
        use host = newHost ()
        let mutable stamp = 0L

        let real =
            Real(scenario, host, (fun () -> System.Threading.Interlocked.Increment &stamp))

        let scripts = List.fold (Play.step real) [ Script.create scenario ] scenario.Acts

        real.Backend.Open()

        let opened =
            scripts
            |> Script.meanwhile
            |> List.map Script.openUp
            |> Script.settle
            |> Play.meet "all waiting calls" real

        let terminated = Play.step real opened Terminate
        Play.until "every termination" real (fun () -> real.View.Terminations |> List.forall Option.isSome)

        let last =
            terminated
            |> Script.meanwhile
            |> List.filter (fun script -> Script.isEnded script && Script.isQuiet script)
            |> Play.meet "all terminations" real

        for script in last do
            Expect.holds "a request is not answered" (script.Twin.OpenStart.IsNone && script.Twin.OpenStop.IsNone)
            Expect.equal 0L (TwinLedger.ledger script.Twin).Pending)

[<Fact>]
let ``L13 A start that comes while its loop is being torn down finds its token fired`` () =
    Play.alone (fun () ->
        use loop = new SinkLoop()
        let backend = Backend([ Awaits true ], false, (fun () -> 0L))
        let sink = loop.InvokeAsync(fun () -> new OracleSink(SinkOptions(), backend)).Result
        use hold = new ManualResetEventSlim()
        let held = loop.InvokeAsync(fun () -> hold.Wait Patience.longest)
        loop.Host.BeginClose()
        let start = sink.Start()
        hold.Set()
        Expect.holds "the loop does not go on" (held.Wait Patience.longest)
        let isAnswered, result = start.Wait Patience.longest
        Expect.holds "the start is not answered" isAnswered
        Expect.holds "the start is told of its failure" (result.Error :? OnStartingHookFailedException))

[<Fact>]
let ``In a foreign context a sink does what the model does, act by act`` () =
    Run.forAllOf 4 (Scenario.sequential ForeignContext) (play (fun () -> new PumpedHost() :> IHost))

[<Fact>]
let ``On a loop of its own a sink does what the model does, act by act`` () =
    Run.forAllOf 1 (Scenario.sequential OwnLoop) (play (fun () -> new OwnLoopHost() :> IHost))
