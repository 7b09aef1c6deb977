namespace Mvx.Sink.Properties.Oracle

open FsCheck
open FsCheck.FSharp
open Mvx.Sink.Model

/// A sink under test, what its backend does, and what is done to it: one after the other, then side by side.
type Scenario =
    {
        Host: HostKind
        Limit: int
        Policy: QueueOverflowPolicy
        MaxBatch: int
        Plans: Plan list
        Acts: Act list
        Branches: Act list list
    }

    override this.ToString() =
        let list items =
            items |> List.map string |> String.concat "; "

        let branches =
            this.Branches
            |> List.map (fun acts -> $"\n  beside: [{list acts}]")
            |> String.concat ""

        $"{this.Host}, limit {this.Limit}, {this.Policy}, batches of {this.MaxBatch}, backend [{list this.Plans}]\n  acts: [{list this.Acts}]{branches}"

module Scenario =
    let private plan =
        Gen.frequency
            [
                50, Gen.constant (AtOnce Succeeds)
                8, Gen.constant (Later Succeeds)
                4, Gen.constant (AtOnce Throws)
                2, Gen.constant (AtOnce Cancels)
                2, Gen.constant (AtOnce TimesOut)
                2, Gen.constant (Later Throws)
                2, Gen.constant (Later Cancels)
                10, Gen.constant (Awaits true)
                10, Gen.constant (Awaits false)
                8, Gen.constant Blocks
            ]

    let private answer =
        Gen.frequency
            [
                8, Gen.constant Succeeds
                2, Gen.constant Throws
                1, Gen.constant Cancels
                1, Gen.constant TimesOut
            ]

    let private events =
        [
            26, Gen.constant TryLog
            8, Gen.constant Log
            9, Gen.constant Start
            7, Gen.constant Stop
            6, Gen.map StopWithin (Gen.elements [ 0; 1000; 3000 ])
            6, Gen.constant Flush
            12, Gen.map Release answer
        ]

    let private act =
        events
        @ [
            9, Gen.map Advance (Gen.elements [ 250; 1000; 2000 ])
            2, Gen.constant Terminate
            1, Gen.constant CloseLoop
            2, Gen.constant LoseLoop
        ]
        |> Gen.frequency

    /// Some things matter only one after the other: a stop that goes over its budget, and on until it is given up; a sink that is used again.
    let private acts =
        Gen.frequency
            [
                20, Gen.map List.singleton act
                1, Gen.constant [ StopWithin 1000; Advance 1000 ]
                2, Gen.constant [ StopWithin 1000; Advance 1000; Advance 2000 ]
                1, Gen.constant [ StopWithin 0; Advance 250; Advance 2000; Advance 250; Advance 2000 ]
                1, Gen.constant [ Start; TryLog; Stop; Start ]
                1, Gen.constant [ TryLog; TryLog; TryLog ]
            ]

    let private sideBySide =
        events
        @ [
            6, Gen.map Advance (Gen.elements [ 1000; 2000 ])
            2, Gen.constant Terminate
            6, Gen.constant ReadState
            6, Gen.constant ReadLedger
        ]
        |> Gen.frequency

    let private listOf least most (item: Gen<'item>) : Gen<'item list> =
        gen {
            let! size = Gen.choose (least, most)
            return! Gen.listOfLength size item
        }

    let private sink host =
        Gen.map3
            (fun limit policy maxBatch ->
                {
                    Host = host
                    Limit = limit
                    Policy = policy
                    MaxBatch = maxBatch
                    Plans = []
                    Acts = []
                    Branches = []
                })
            (Gen.choose (1, 4))
            (Gen.elements
                [
                    QueueOverflowPolicy.RaiseError
                    QueueOverflowPolicy.Drop
                    QueueOverflowPolicy.DropOldest
                ])
            (Gen.frequency [ 3, Gen.constant 1; 1, Gen.constant 3 ])

    let private without items =
        items |> List.mapi (fun index _ -> List.removeAt index items)

    let private halves items =
        let half = List.length items / 2

        if half = 0 then
            []
        else
            [ List.truncate half items; List.skip half items ]

    let private isPlain plan = plan = AtOnce Succeeds

    /// Fewer acts first, then a tamer backend, then a plainer sink.
    let private smaller scenario =
        seq {
            for acts in halves scenario.Acts @ without scenario.Acts do
                { scenario with Acts = acts }

            for index, branch in List.indexed scenario.Branches do
                for acts in without branch do
                    { scenario with
                        Branches = List.updateAt index acts scenario.Branches
                    }

            if List.contains [] scenario.Branches then
                { scenario with
                    Branches = scenario.Branches |> List.filter (List.isEmpty >> not)
                }

            for index, plan in List.indexed scenario.Plans do
                if not (isPlain plan) then
                    { scenario with
                        Plans = List.updateAt index (AtOnce Succeeds) scenario.Plans
                    }

            if not scenario.Plans.IsEmpty && isPlain (List.last scenario.Plans) then
                { scenario with
                    Plans = List.truncate (scenario.Plans.Length - 1) scenario.Plans
                }

            if scenario.MaxBatch > 1 then
                { scenario with MaxBatch = 1 }

            if scenario.Limit > 1 then
                { scenario with
                    Limit = scenario.Limit - 1
                }
        }

    /// A loop of ours that is given up fires its token first, which races with the backend that waits for it; Integration/Loop has the tests for that.
    let private canBeFollowed host act = not (host = OwnLoop && act = LoseLoop)

    /// One act after the other.
    let sequential host =
        let generate =
            gen {
                let! sink = sink host
                let! plans = listOf 0 12 plan
                let! acts = listOf 1 14 acts

                return
                    { sink with
                        Plans = plans
                        Acts = List.concat acts |> List.filter (canBeFollowed host)
                    }
            }

        Arb.fromGenShrink (generate, smaller)

    /// A few acts one after the other, then two or three callers side by side. Nothing blocks the loop, for nobody is there to see it.
    let concurrent host =
        let awaits plan =
            if plan = Blocks then Awaits false else plan

        let generate =
            gen {
                let! sink = sink host
                let! plans = listOf 0 8 plan
                let! acts = listOf 0 4 (Gen.frequency events)
                let! count = Gen.choose (2, 3)

                let! branches =
                    Gen.listOfLength count (listOf 1 (if count = 2 then 4 else 3) sideBySide)

                return
                    { sink with
                        Plans = List.map awaits plans
                        Acts = acts
                        Branches = branches
                    }
            }

        Arb.fromGenShrink (generate, smaller)
