using Mvx.Sink.Benchmarks.Measuring;
using Mvx.Sink.Benchmarks.Workloads;

namespace Mvx.Sink.Benchmarks.Report;

/// <summary>A figure to reach: at most, or at least, a limit.</summary>
/// <param name="What">What is measured.</param>
/// <param name="AtMost">Whether the limit is an upper one.</param>
/// <param name="Limit">The limit.</param>
/// <param name="Unit">The unit of limit and figure; "×" for a ratio.</param>
/// <param name="Measure">The figure over the rounds; null when it was not measured in this run.</param>
internal sealed record Bar(string What, bool AtMost, double Limit, string Unit, Func<FigureBook, Distribution?> Measure)
{
    /// <summary>The same ratio of processor times, where that says something.</summary>
    public Func<FigureBook, Distribution?> MeasureByProcessorTime { get; init; } = static _ => null;

    private FigureKey Ours { get; init; }

    private FigureKey Theirs { get; init; }

    public string LimitText => $"{(AtMost ? "≤" : "≥")} {Format(Limit)}";

    public bool IsMet(double median) => AtMost ? median <= Limit : median >= Limit;

    public string Format(double value) => Unit == "×" ? $"{value:0.00} ×" : Quantity.Format(value, Unit);

    public static Bar Ratio(string what, bool atMost, double limit, FigureKey ours, FigureKey theirs) =>
        new(what, atMost, limit, "×", book => book.Ratio(ours, theirs)) { Ours = ours, Theirs = theirs };

    /// <summary>A ratio of what calls cost, which is also known as processor time.</summary>
    public static Bar OfCost(string what, double limit, FigureKey ours, FigureKey theirs) => Ratio(what, atMost: true, limit, ours, theirs) with
    {
        MeasureByProcessorTime = book => book.Ratio(ours with { Metric = LogWorkload.Processor }, theirs with { Metric = LogWorkload.Processor }),
    };

    /// <summary>A ratio of rates, of which processor time per event is the inverse.</summary>
    public Bar AlsoByWork(string metric) => this with
    {
        MeasureByProcessorTime = book => book.Ratio(Theirs with { Metric = metric }, Ours with { Metric = metric }),
    };

    public static Bar Absolute(string what, double limit, string unit, FigureKey figure) =>
        new(what, AtMost: true, limit, unit, book => book.Find(figure.Workload, figure.Peer, figure.Case, figure.Metric)?.Distribution);
}
