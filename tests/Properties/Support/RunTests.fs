/// The tools of this project keep their own promises: a failure is small, and can be repeated.
module Mvx.Sink.Properties.RunTests

open System.Text.RegularExpressions
open FsCheck
open Xunit
open Xunit.Sdk

let private offers history =
    history.Commands |> List.filter ((=) Command.offer) |> List.length

/// A property that is false: some history offers four events.
let private failure (check: Arbitrary<History> -> (History -> bool) -> unit) =
    let run () =
        check Arbitraries.history (fun history -> offers history < 4)

    let thrown = Assert.ThrowsAny<XunitException>(System.Action run)

    thrown.Message

let private replayIn message =
    Regex.Match(message, "MVX_SINK_REPLAY=(.*)").Groups[1].Value

[<Fact>]
let ``A failing history shrinks to the commands that matter`` () =
    let message = failure (Run.forAllFrom None)
    Expect.holds message (message.Contains "limit 1, ")
    Expect.holds message (message.Contains "[Offer; Offer; Offer; Offer]")

[<Fact>]
let ``A failure says how to repeat it, and the repetition fails at once`` () =
    let replay = failure (Run.forAllFrom None) |> replayIn |> Run.parseReplay
    let again = failure (Run.forAllFrom (Some replay))
    Expect.holds again (again.Contains "after 1 test ")

[<Fact>]
let ``A replay is seed and gamma, with or without a size`` () =
    Expect.equal { Rnd = Rnd(1UL, 3UL); Size = None } (Run.parseReplay "1,3")
    Expect.equal { Rnd = Rnd(1UL, 3UL); Size = Some 3 } (Run.parseReplay "1,3,3")

    Assert.Throws<System.ArgumentException>(fun () -> Run.parseReplay "1" |> ignore)
    |> ignore
