// <fsharp>
module VerifyFSharp.Program

open System.Threading.Tasks
open Mvx.Sink.Runtime
open Mvx.Sink.Verification

type MemorySink(options: SinkOptions) =
    inherit AsyncSink<string>(options)
    let lines = ResizeArray<string>()
    member _.Lines = lines

    override _.DispatchAsync(item, _) =
        lines.Add item
        ValueTask.CompletedTask

type MemorySinkSpecification() =
    inherit SinkSpecification<MemorySink, string>()
    override _.CreateSink options = new MemorySink(options)
    override _.CreateEvent id = $"{id} hello"
    override _.ReadBack sink = sink.Lines |> Seq.map ReceivedEvent.Find

[<EntryPoint>]
let main args =
    let settings =
        if Array.contains "--quick" args then
            VerificationSettings.Quick
        else
            VerificationSettings.Default

    let report = MemorySinkSpecification().Verify settings
    report.Print()
    report.ExitCode
// </fsharp>
