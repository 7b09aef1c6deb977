namespace Mvx.Sink.Benchmarks.Measuring;

/// <summary>What one figure is: which workload, whose, in which case (for instance "2 producers"), of what.</summary>
internal readonly record struct FigureKey(string Workload, string Peer, string Case, string Metric);

/// <summary>A figure with one sample per round, in the order of the rounds, so that two peers can be compared round by round.</summary>
internal sealed class Figure(FigureKey key, string unit)
{
    public FigureKey Key { get; } = key;

    public string Unit { get; } = unit;

    public List<double> Samples { get; } = [];

    public Distribution Distribution => Distribution.Of(Samples);
}
