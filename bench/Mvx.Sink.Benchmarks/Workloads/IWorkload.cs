using Mvx.Sink.Benchmarks.Measuring;

namespace Mvx.Sink.Benchmarks.Workloads;

/// <summary>One question put to all peers.</summary>
internal interface IWorkload
{
    /// <summary>Its name for <c>--only</c> and in the figures.</summary>
    string Name { get; }

    /// <summary>One line for the console.</summary>
    string Question { get; }

    void Run(BenchOptions options, FigureBook book, Action<string> progress);
}
