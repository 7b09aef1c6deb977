using System.Runtime;

namespace Mvx.Sink.Benchmarks.Measuring;

/// <summary>Runs the measured rounds of a workload, and keeps watch over what could spoil them.</summary>
internal static class RoundRunner
{
    public const string Id = "conditions";
    public const string Compiled = "methods compiled while measuring";
    public const string Others = "processors taken by other programs";

    public static void Run(string workload, int rounds, FigureBook book, Action<string> progress, Action<int> round)
    {
        Quiet.LetTheJitFinish();
        long compiled = JitInfo.GetCompiledMethodCount();
        var load = new MachineLoad();
        for (int i = 0; i < rounds; i++)
        {
            progress($"round {i + 1} of {rounds}");
            round(i);
        }

        book.Add(Id, workload, "of the rounds", Compiled, "methods", JitInfo.GetCompiledMethodCount() - compiled);
        if (load.OthersPercent() is var percent and not double.NaN)
            book.Add(Id, workload, "of the rounds", Others, "%", percent);
    }
}
