using System.Diagnostics;
using Mvx.Sink.Benchmarks.Measuring;
using Mvx.Sink.Benchmarks.Peers;

namespace Mvx.Sink.Benchmarks.Workloads;

/// <summary>From nothing to a running sink with a thread of its own, and back to nothing.</summary>
internal sealed class LifecycleWorkload : IWorkload
{
    public const string Id = "lifecycle";
    public const string Cost = "create + terminate";
    public const string Case = "each";

    public string Name => Id;

    public string Question => "What does it take to create a sink and to terminate it?";

    public void Run(BenchOptions options, FigureBook book, Action<string> progress)
    {
        int count = options.Quick ? 20 : 100;
        progress("warming up");
        foreach (PeerSpec spec in PeerCatalog.Lossless)
            Sample(spec, 40, book: null);
        RoundRunner.Run(Id, options.Rounds, book, progress, round =>
        {
            foreach (PeerSpec spec in Interleave.Round(PeerCatalog.Lossless, round))
                Sample(spec, count, book);
        });
    }

    private static void Sample(PeerSpec spec, int count, FigureBook? book)
    {
        Quiet.Down();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
            spec.Open(1_000).Dispose();
        book?.Add(Id, spec.Name, Case, Cost, "ns", Ticks.ToNanoseconds(Stopwatch.GetTimestamp() - start) / count);
    }
}
