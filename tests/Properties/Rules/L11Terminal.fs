/// L11 Failure and Cancelled are terminal and sticky.
module Mvx.Sink.Properties.Rules.L11Terminal

open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Command
open Xunit

let private terminal = [ SinkState.Failure; SinkState.Cancelled ]

let sticks =
    Rule.about
        "L11"
        "nothing leads out of Failure or Cancelled"
        (fun moment -> List.contains (Moment.stateBefore moment) terminal)
        (fun moment -> Moment.stateAfter moment = Moment.stateBefore moment)

let keepsItsError =
    Rule.about
        "L11"
        "a terminal sink keeps the error that ended it"
        (fun moment -> List.contains (Moment.stateBefore moment) terminal)
        (fun moment ->
            moment.Remembered.LastError <> Memory.noError
            && moment.RemembersNow.LastError = moment.Remembered.LastError)

let rules = [ sticks; keepsItsError ]

[<Fact>]
let ``L11 Nothing leads out of Failure or Cancelled`` () = Rule.holds sticks

[<Fact>]
let ``L11 A terminal sink keeps the error that ended it`` () = Rule.holds keepsItsError

[<Fact>]
let ``L11 Terminal states stick for every lifecycle byte and every input, reachable or not`` () =
    for code in 0L .. 255L do
        for input in System.Enum.GetValues<LifecycleInput>() do
            let before = LifecycleModel code

            if Invariants.IsTerminal before.State && Invariants.LifecycleHolds before then
                Expect.equal before.State (Lifecycle.Step(before, input).Next.State)

[<Fact>]
let ``L11 Exactly Failure and Cancelled are terminal`` () =
    Expect.equal terminal (Rule.allStates |> List.filter Invariants.IsTerminal)
