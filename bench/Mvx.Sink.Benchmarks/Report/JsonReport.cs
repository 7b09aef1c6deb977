using System.Text.Json;
using Mvx.Sink.Benchmarks.Measuring;

namespace Mvx.Sink.Benchmarks.Report;

/// <summary>The run for programs: every sample of every figure, and the bars.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true, NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static string Write(FigureBook book, BenchOptions options, Machine machine) => JsonSerializer.Serialize(
        new
        {
            machine,
            options.Rounds,
            options.Quick,
            bars = Bars.All.Select(bar => (bar, measured: bar.Measure(book))).Where(static pair => pair.measured is { Count: > 0 }).Select(static pair => new
            {
                pair.bar.What,
                bar = pair.bar.LimitText,
                unit = pair.bar.Unit,
                limit = pair.bar.Limit,
                figure = pair.measured!.Value.Median,
                pair.measured.Value.LowerQuartile,
                pair.measured.Value.UpperQuartile,
                met = pair.bar.IsMet(pair.measured.Value.Median),
            }),
            figures = book.All.Select(static figure => new
            {
                figure.Key.Workload,
                figure.Key.Peer,
                figure.Key.Case,
                figure.Key.Metric,
                figure.Unit,
                median = figure.Distribution.Median,
                samples = figure.Samples,
            }),
        },
        _indented);
}
