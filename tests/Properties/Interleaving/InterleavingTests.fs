namespace Mvx.Sink.Properties.Interleaving

open System
open Mvx.Sink.Model
open Mvx.Sink.Properties
open Xunit
open Xunit.Abstractions

/// Admission under threads: the decision is pure, the gate is one word, and that is enough.
type InterleavingTests(output: ITestOutputHelper) =

    let print (line: string) =
        output.WriteLine line
        Console.Out.WriteLine line

    let policies = [ QueueOverflowPolicy.RaiseError; QueueOverflowPolicy.Drop ]

    let explore protocol callers calls limit policy =
        let finding = Explorer(protocol, limit, policy).Explore(callers, calls)

        print
            $"Interleaving: {protocol}, {callers} callers of {calls} calls, limit {limit}, {policy}: {finding.Worlds} worlds, {finding.Steps} steps, {finding.Broken}"

        finding

    let finds protocol =
        for policy in policies do
            let finding = explore protocol 3 2 2L policy
            Expect.holds $"{protocol} is wrong, and the exploration does not say so" finding.Broken.IsSome

    [<Theory>]
    [<InlineData(1, 3, 1, 337)>]
    [<InlineData(2, 2, 1, 5511)>]
    [<InlineData(2, 3, 1, 30473)>]
    [<InlineData(2, 3, 2, 58777)>]
    [<InlineData(3, 2, 1, 224222)>]
    [<InlineData(3, 2, 2, 472815)>]
    member _.``A5 However callers interleave, the limit is exact and each verdict was the right one at an instant of its call``
        (callers: int, calls: int, limit: int, worlds: int)
        =
        for policy in policies do
            let finding = explore Faithful callers calls (int64 limit) policy
            Expect.equal None finding.Broken
            Expect.equal worlds finding.Worlds

    [<Fact>]
    member _.``A5 A caller that believes an old figure turns events away too early``() = finds BelievesAnOldFigure

    [<Fact>]
    member _.``A5 A figure read before the gate it is held against proves nothing``() = finds ReadsTheFigureFirst

    [<Fact>]
    member _.``A5 A caller that does not compare before it stores loses events``() = finds StoresBlindly
