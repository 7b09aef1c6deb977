namespace Mvx.Sink.Properties

open Mvx.Sink.Model

/// A random history: the sink it happens to, and what happens.
type History =
    {
        Limit: int64
        Policy: QueueOverflowPolicy
        Commands: Command list
    }

    override this.ToString() =
        let commands = this.Commands |> List.map string |> String.concat "; "
        $"limit {this.Limit}, {this.Policy}: [{commands}]"

module History =
    /// The moments of a history, first to last. Commands that cannot happen are in it, so that their harmlessness is seen.
    let moments history =
        history.Commands
        |> List.mapFold
            (fun (sink, memory) command ->
                let moment = Moment.take sink memory command
                moment, (moment.After, moment.RemembersNow))
            (SinkModel(history.Limit, history.Policy), Memory.empty)
        |> fst

    /// The moments of an example in which every command must be possible.
    let exampleOn limit policy commands =
        let moments =
            moments
                {
                    Limit = limit
                    Policy = policy
                    Commands = commands
                }

        for moment in moments do
            if not moment.Possible then
                Expect.fail $"the example is wrong: {moment.Command} cannot happen to {moment.Before}"

        moments

    let example commands =
        exampleOn 2L QueueOverflowPolicy.RaiseError commands

    /// The last moment of an example.
    let lastOf commands = example commands |> List.last

    /// The sink at the end of an example.
    let sinkAfter commands = (lastOf commands).After
