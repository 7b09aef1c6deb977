using System.Diagnostics;
using System.Runtime;
using Mvx.Sink.Benchmarks;
using Mvx.Sink.Benchmarks.Measuring;
using Mvx.Sink.Benchmarks.Report;
using Mvx.Sink.Benchmarks.Workloads;

IWorkload[] workloads = [new LogWorkload(), new PacedWorkload(), new RefusedWorkload(), new LifecycleWorkload(), new MemoryWorkload(), new IdleWorkload(), new FileWorkload()];
BenchOptions options;
try
{
    options = BenchOptions.Parse(args, [.. workloads.Select(static workload => workload.Name)]);
}
catch (Exception error) when (error is ArgumentException or FormatException)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}

var machine = Machine.This();
Console.WriteLine(machine.Describe());
var book = new FigureBook();
foreach (IWorkload workload in workloads.Where(workload => options.Wants(workload.Name)))
{
    Console.WriteLine();
    Console.WriteLine($"{workload.Name}: {workload.Question}");
    long start = Stopwatch.GetTimestamp();
    long compiled = 0;
    workload.Run(options, book, step =>
    {
        if (step.StartsWith("round 1 ", StringComparison.Ordinal))
            compiled = JitInfo.GetCompiledMethodCount();
        Console.Write($"\r  {step}      ");
    });
    long late = JitInfo.GetCompiledMethodCount() - compiled;
    Console.WriteLine($"\r  {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s; {late} methods compiled between the first measured round and the end");
}

ConsoleTables.Print(book, Console.Out);
Console.WriteLine();
string[][] bars = [.. MarkdownReport.BarRows(book)];
if (bars.Length > 0)
    ConsoleTables.Grid([["what", "bar", "figure", "quartiles", ""], .. bars], Console.Out);
Artifacts.Write(book, options, machine);
return 0;
