namespace Mvx.Sink.Properties.Walk

open System
open Mvx.Sink.Model
open Mvx.Sink.Properties
open Mvx.Sink.Properties.Rules
open Xunit
open Xunit.Abstractions

/// The exhaustive walk: every reachable state of a sink at small limits, every command in each of them.
type WalkTests(output: ITestOutputHelper) =

    let print (line: string) =
        output.WriteLine line
        Console.Out.WriteLine line

    let possible walk =
        walk.Moments |> List.filter (fun (_, moment, _) -> moment.Possible)

    [<Fact>]
    member _.``Every rule holds at every command in every reachable state, and none holds for want of a case``() =
        let moments =
            Walk.configurations
            |> List.collect (fun (limit, policy) -> (Walk.everywhere limit policy).Moments)
            |> List.map (fun (_, moment, _) -> moment)

        for rule in AllRules.all do
            moments |> List.iter (Rule.check rule)
            Expect.holds $"{rule.Id} ({rule.Says}) never applies" (moments |> List.exists rule.When)

        print $"Walk: {List.length AllRules.all} rules at {List.length moments} moments"

    [<Theory>]
    [<InlineData(1, 35, 261, 71, 504)>]
    [<InlineData(2, 43, 333, 82, 601)>]
    [<InlineData(3, 51, 405, 93, 698)>]
    member _.``The model has exactly the states and transitions it is known to have``
        (limit: int, states: int, transitions: int, places: int, moves: int)
        =
        for policy in Enum.GetValues<QueueOverflowPolicy>() do
            let walk = Walk.everywhere (int64 limit) policy
            let state place = place.Code, place.Pending
            let stateCount = walk.Places |> List.distinctBy state |> List.length

            let transitionCount =
                possible walk
                |> List.distinctBy (fun (place, moment, next) -> state place, moment.Command, state next)
                |> List.length

            let placeCount, moveCount = List.length walk.Places, List.length (possible walk)

            print
                $"Walk: limit {limit}, {policy}: {stateCount} states, {transitionCount} transitions; with the shell's memory {placeCount} and {moveCount}"

            Expect.equal (states, transitions, places, moves) (stateCount, transitionCount, placeCount, moveCount)

    [<Fact>]
    member _.``LifecycleHolds says which lifecycles can be reached, no more and no fewer``() =
        let reached =
            Walk.everywhere 1L QueueOverflowPolicy.Drop
            |> _.Places
            |> List.map _.Code
            |> List.distinct
            |> List.sort

        let holding =
            [ 0L .. 255L ]
            |> List.filter (fun code -> Invariants.LifecycleHolds(LifecycleModel code))

        print $"Walk: {List.length reached} lifecycles"
        Expect.equal reached holding
