/// No input is unhandled: every byte, every input, and what lies beyond both.
module Mvx.Sink.Properties.Rules.Totality

open System
open Mvx.Sink.Model
open Mvx.Sink.Properties
open Xunit

let private inputs =
    [ Int32.MinValue; -1 ] @ [ 0..20 ] @ [ Int32.MaxValue ]
    |> List.map enum<LifecycleInput>

let private codes = [ Int64.MinValue; -1L ] @ [ 0L .. 300L ] @ [ Int64.MaxValue ]

[<Fact>]
let ``Step answers every byte and every input with a known verdict`` () =
    for code in codes do
        for input in inputs do
            let before = LifecycleModel code
            let step = Lifecycle.Step(before, input)
            Expect.holds $"{before} {input}: {step}" (Enum.IsDefined step.Verdict)
            Expect.holds "a counterexample can be printed" (step.ToString().Length > 0)

            if step.Verdict >= LifecycleVerdict.Joined then
                Expect.equal before step.Next
                Expect.equal LifecycleEffects.None step.Effects

[<Fact>]
let ``Step ignores an input it does not know`` () =
    for code in codes do
        for input in inputs |> List.filter (Enum.IsDefined >> not) do
            let before = LifecycleModel code
            let step = Lifecycle.Step(before, input)
            Expect.equal LifecycleVerdict.Ignored step.Verdict
            Expect.equal before step.Next
            Expect.equal LifecycleEffects.None step.Effects
            let sink = SinkModel(before, SinkLedger(), 1L, QueueOverflowPolicy.Drop)
            Expect.holds "what is not known cannot happen" (not (sink.CanHappen input))
            Expect.equal sink (sink.Apply input)

[<Fact>]
let ``A closed loop stays closed for every byte and every input`` () =
    for code in 0L .. 255L do
        for input in inputs do
            let before = LifecycleModel code
            Expect.holds $"{before} {input}" (not before.Closed || Lifecycle.Step(before, input).Next.Closed)

[<Fact>]
let ``Every step but an ignored one leads to a lifecycle that holds, from every lifecycle that holds`` () =
    for code in 0L .. 255L do
        for input in inputs do
            let before = LifecycleModel code

            if Invariants.LifecycleHolds before then
                let step = Lifecycle.Step(before, input)
                Expect.holds $"{before} {input}: {step}" (Invariants.LifecycleHolds step.Next && Invariants.StepHolds(before, step))
