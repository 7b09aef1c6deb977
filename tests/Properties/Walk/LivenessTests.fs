namespace Mvx.Sink.Properties.Walk

open System
open System.Collections.Generic
open Mvx.Sink.Model
open Mvx.Sink.Properties
open Xunit
open Xunit.Abstractions

/// What is asked is answered, and answers lead to rest.
type LivenessTests(output: ITestOutputHelper) =

    let print (line: string) =
        output.WriteLine line
        Console.Out.WriteLine line

    let answers (walk: Walk) =
        walk.Moments
        |> List.filter (fun (_, moment, _) -> moment.Possible && List.contains moment.Command Command.answers)

    let isAtRest place = Memory.isAtRest place.Memory

    /// A running sink with nothing pending waits for callers, as one at rest does.
    let waitsForCallers place =
        isAtRest place
        || (LifecycleModel(place.Code).State = SinkState.Running && place.Pending = 0L)

    let byPlace moments =
        moments
        |> List.groupBy (fun (place, _, _) -> place)
        |> List.map (fun (place, moments) -> place, moments |> List.map (fun (_, _, next) -> next))
        |> dict

    let everyWalk () =
        Walk.configurations
        |> List.map (fun (limit, policy) -> limit, policy, Walk.everywhere limit policy)

    /// The number of answers on the longest way from a place to one that waits for callers; a way that never gets there fails.
    let longestWay (next: IDictionary<Place, Place list>) =
        let known = Dictionary<Place, int>()
        let onTheWay = HashSet<Place>()

        let rec from place =
            match known.TryGetValue place with
            | true, length -> length
            | _ when waitsForCallers place -> 0
            | _ ->
                Expect.holds $"answers go round in circles at {place}" (onTheWay.Add place)
                Expect.holds $"nothing is under way, yet this is no rest: {place}" (next.ContainsKey place)
                let length = 1 + (next[place] |> List.map from |> List.max)
                known[place] <- length
                length

        from

    [<Fact>]
    member _.``Whatever answers come, they lead to rest or to a running sink with nothing pending``() =
        for limit, policy, walk in everyWalk () do
            let from = longestWay (byPlace (answers walk))
            let longest = walk.Places |> List.map from |> List.max
            print $"Liveness: limit {limit}, {policy}: at most {longest} answers to rest"
            // Starting with a full queue: its hook, then each event up to the last is delivered, which fails, then the clean-up.
            Expect.equal (int limit + 2) longest

    [<Fact>]
    member _.``From every reachable state a stop and its answers lead to rest``() =
        for _, _, walk in everyWalk () do
            let usable =
                walk.Moments
                |> List.filter (fun (_, moment, _) ->
                    moment.Possible
                    && (moment.Command = Command.stop || List.contains moment.Command Command.answers))

            let before =
                usable
                |> List.groupBy (fun (_, _, next) -> next)
                |> List.map (fun (next, moments) -> next, moments |> List.map (fun (place, _, _) -> place))
                |> dict

            let reached = HashSet(walk.Places |> List.filter isAtRest)

            let rec back frontier =
                match frontier with
                | [] -> ()
                | _ ->
                    frontier
                    |> List.collect (fun place ->
                        match before.TryGetValue place with
                        | true, places -> places
                        | _ -> [])
                    |> List.filter reached.Add
                    |> back

            back (List.ofSeq reached)

            for place in walk.Places do
                Expect.holds $"no way to rest from {place}" (reached.Contains place)

    [<Fact>]
    member _.``Each answer of a hook or dispatcher leads on``() =
        for _, _, walk in everyWalk () do
            for place, moment, next in answers walk do
                Expect.holds $"{moment} leads nowhere" (next <> place)
                Expect.equal LifecycleVerdict.Taken moment.Step.Verdict

    [<Fact>]
    member _.``Each hook at work has both of its answers, and each dispatcher with an event has all three``() =
        for _, _, walk in everyWalk () do
            let possible =
                answers walk
                |> List.groupBy (fun (place, _, _) -> place)
                |> List.map (fun (place, moments) -> place, moments |> List.map (fun (_, moment, _) -> moment.Command) |> Set.ofList)
                |> dict

            for place in walk.Places do
                let expected =
                    [
                        if place.Memory.Hook = StartingHook then
                            Command.startingHookSucceeds
                            Command.startingHookFails
                        if place.Memory.Hook = StoppedHook then
                            Command.stoppedHookSucceeds
                            Command.stoppedHookFails
                        if place.Memory.DispatcherAtWork && place.Pending > 0L then
                            Command.delivered
                            Command.dispatchFails
                            Command.dispatchIsCancelled
                        if place.Memory.ToldToDrain && place.Pending = 0L then
                            Command.drained
                        elif place.Memory.ToldToEnd then
                            Command.dispatcherEnds
                    ]
                    |> Set.ofList

                let actual =
                    match possible.TryGetValue place with
                    | true, commands -> commands
                    | _ -> Set.empty

                Expect.equal expected actual
