using System.Diagnostics;
using Mvx.Sink.Benchmarks;
using Mvx.Sink.Benchmarks.Measuring;
using Mvx.Sink.Benchmarks.Micro;
using Mvx.Sink.Benchmarks.Report;
using Mvx.Sink.Benchmarks.Workloads;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(BenchOptions.Usage);
    return 0;
}

if (args is ["--bdn", .. string[] microArgs])
    return MicroRun.Run(microArgs);

IWorkload[] workloads = [new LogWorkload(), new PacedWorkload(), new RefusedWorkload(), new LifecycleWorkload(), new MemoryWorkload(), new IdleWorkload(), new FileWorkload(), new LoggerWorkload()];
BenchOptions options;
try
{
    options = BenchOptions.Parse(args, [.. workloads.Select(static workload => workload.Name)]);
    Artifacts.Prepare(options);
}
catch (ArgumentException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}

var machine = Machine.This();
Console.WriteLine(machine.Describe());
var book = new FigureBook();
bool failed = false;
foreach (IWorkload workload in workloads.Where(workload => options.Wants(workload.Name)))
{
    Console.WriteLine();
    Console.WriteLine($"{workload.Name}: {workload.Question}");
    long start = Stopwatch.GetTimestamp();
    try
    {
        workload.Run(options, book, static step => Console.Write($"\r  {step}      "));
        Console.WriteLine($"\r  {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s              ");
    }
    catch (InvalidOperationException error)
    {
        // A peer that lost events has no figures: what this workload measured is worth nothing, the others are.
        failed = true;
        book.Forget(workload.Name);
        Console.Error.WriteLine();
        Console.Error.WriteLine($"FAILED {workload.Name}: {error.Message}");
    }

    // After each workload: a run that is cut short leaves what it has.
    Artifacts.Write(book, options, machine);
}

ConsoleTables.Print(book, Console.Out);
Console.WriteLine();
string[][] bars = [.. MarkdownReport.BarRows(book)];
if (bars.Length > 0)
    ConsoleTables.Grid([MarkdownReport.BarHeader, .. bars], Console.Out);
Console.WriteLine();
Console.WriteLine($"written: {Artifacts.Write(book, options, machine)}");
return failed ? 1 : 0;
