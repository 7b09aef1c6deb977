namespace Mvx.Sink.Properties

open Mvx.Sink.Model

/// One rule of the specification as a statement about single moments. Random histories and the exhaustive walk ask the same ones.
type Rule =
    {
        Id: string
        Says: string
        When: Moment -> bool
        Then: Moment -> bool
    }

module Rule =
    /// A rule about what happens when a command that can happen meets a sink of which <paramref name="condition"/> holds.
    let about id says condition consequence =
        {
            Id = id
            Says = says
            When = fun moment -> moment.Possible && condition moment
            Then = consequence
        }

    /// A rule about one input.
    let onInput id says input condition consequence =
        about id says (fun moment -> moment.Command = Command.Input input && condition moment) consequence

    /// A rule about an input in one state of a sink whose loop is open.
    let onInputIn id says input states consequence =
        onInput
            id
            says
            input
            (fun moment ->
                List.contains (Moment.stateBefore moment) states
                && not moment.Remembered.LoopClosed)
            consequence

    let check rule moment =
        if rule.When moment && not (rule.Then moment) then
            Expect.fail $"{rule.Id} ({rule.Says}) is broken: {moment}"

    /// Checks a rule over random histories.
    let holds rule =
        Run.forAll Arbitraries.history (fun history -> History.moments history |> List.iter (check rule))

    let allStates = System.Enum.GetValues<SinkState>() |> List.ofArray
