namespace Mvx.Sink.Properties

open System
open System.Globalization
open FsCheck
open FsCheck.FSharp

/// How every property of this project is run. MVX_SINK_RUNS sets the number of runs; MVX_SINK_REPLAY=seed,gamma[,size] repeats a
/// failed one, as its message says.
module Run =
    let private variable (name: string) =
        match Environment.GetEnvironmentVariable name with
        | null
        | "" -> None
        | text -> Some text

    let private runs =
        match variable "MVX_SINK_RUNS" with
        | Some text -> Int32.Parse(text, CultureInfo.InvariantCulture)
        | None -> 500

    /// A replay out of its text, <c>seed,gamma</c> or <c>seed,gamma,size</c>.
    let parseReplay (text: string) =
        let number (part: string) =
            UInt64.Parse(part.Trim(), CultureInfo.InvariantCulture)

        match text.Split ',' with
        | [| seed; gamma |] ->
            {
                Rnd = Rnd(number seed, number gamma)
                Size = None
            }
        | [| seed; gamma; size |] ->
            {
                Rnd = Rnd(number seed, number gamma)
                Size = Some(int (number size))
            }
        | _ -> invalidArg (nameof text) "a replay is seed,gamma or seed,gamma,size"

    /// Raises what FsCheck found, with the words that replay it.
    let private runner =
        { new IRunner with
            member _.OnStartFixture _ = ()
            member _.OnArguments(_, _, _) = ()
            member _.OnShrink(_, _) = ()

            member _.OnFinished(name, result) =
                let text = Runner.onFinishedToStringWithFormatter string name result

                match result with
                | TestResult.Passed _ -> ()
                | TestResult.Failed(_, _, _, _, _, last, size) ->
                    Expect.fail $"{text}\nReplay: MVX_SINK_REPLAY={last.Seed},{last.Gamma},{size}"
                | TestResult.Exhausted _ -> Expect.fail text
        }

    let private configOf runs =
        Config.Quick.WithMaxTest(runs).WithEndSize(60).WithRunner(runner)

    let private config = configOf runs

    let private chosenReplay () =
        variable "MVX_SINK_REPLAY" |> Option.map parseReplay

    /// Checks a property for every value of an arbitrary, beginning at a replay.
    let forAllFrom replay (arbitrary: Arbitrary<'value>) (property: 'value -> 'testable) =
        Check.One(config.WithReplay replay, Prop.forAll arbitrary property)

    /// Checks a property for every value of an arbitrary.
    let forAll (arbitrary: Arbitrary<'value>) (property: 'value -> 'testable) =
        forAllFrom (chosenReplay ()) arbitrary property

    /// Checks a property several times as often as others.
    let forAllOf times (arbitrary: Arbitrary<'value>) (property: 'value -> 'testable) =
        Check.One((configOf (times * runs)).WithReplay(chosenReplay ()), Prop.forAll arbitrary property)
