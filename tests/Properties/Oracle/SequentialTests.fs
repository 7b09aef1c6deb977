/// The model as the oracle of a real sink: one act after the other, and after each the two must look the same.
module Mvx.Sink.Properties.Oracle.SequentialTests

open Mvx.Sink.Properties
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
            Expect.equal 0L (Twin.ledger script.Twin).Pending)

[<Fact>]
let ``In a foreign context a sink does what the model does, act by act`` () =
    Run.forAllOf 4 (Scenario.sequential ForeignContext) (play (fun () -> new PumpedHost() :> IHost))

[<Fact>]
let ``On a loop of its own a sink does what the model does, act by act`` () =
    Run.forAllOf 1 (Scenario.sequential OwnLoop) (play (fun () -> new OwnLoopHost() :> IHost))
