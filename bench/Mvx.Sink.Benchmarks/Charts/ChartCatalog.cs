using Mvx.Sink.Benchmarks.Files;
using Mvx.Sink.Benchmarks.Measuring;
using Mvx.Sink.Benchmarks.Peers;
using Mvx.Sink.Benchmarks.Report;
using Mvx.Sink.Benchmarks.Workloads;

namespace Mvx.Sink.Benchmarks.Charts;

/// <summary>The charts of a run: those whose figures it measured.</summary>
internal static class ChartCatalog
{
    public static IEnumerable<(string File, string Svg)> Render(FigureBook book)
    {
        IEnumerable<(string File, Func<RowChart> Make, string Workload)> charts =
        [
            ("log.svg", () => Cost(book, LogWorkload.Id, LogWorkload.Producers, "What a call of Log costs its thread", PeerCatalog.Lossless), LogWorkload.Id),
            ("log-drop.svg", () => Cost(book, LogWorkload.Id, LogWorkload.Producers, "What a call of Log costs where events may be dropped", PeerCatalog.Dropping), LogWorkload.Id),
            ("end-to-end.svg", () => Throughput(book), LogWorkload.Id),
            ("paced.svg", () => Paced(book), PacedWorkload.Id),
            ("refused.svg", () => Cost(book, RefusedWorkload.Id, RefusedWorkload.Producers, "What it costs to be refused by a full queue"), RefusedWorkload.Id),
            ("file.svg", () => FileRates(book), FileWorkload.Id),
        ];
        return charts.Where(chart => book.All.Any(figure => figure.Key.Workload == chart.Workload)).Select(static chart => (chart.File, chart.Make().Render()));
    }

    private static RowChart Cost(FigureBook book, string workload, int[] producers, string title, IReadOnlyList<PeerSpec>? only = null)
    {
        string[] cases = [.. producers.Select(LogWorkload.Case)];
        string[] rows = [.. Rows(book, workload, LogWorkload.Cost, cases[0], ascending: true).Where(row => only is null || only.Any(spec => spec.Name == row))];
        // One scale for all panels, so that they can be compared across.
        var scale = Scale.Log(Figures(book, workload, LogWorkload.Cost).Where(figure => rows.Contains(figure.Key.Peer)).SelectMany(static figure => (double[])[figure.Distribution.LowerQuartile, figure.Distribution.UpperQuartile]));
        return new RowChart(
            title,
            "Time per call and thread, log scale, less is better. Dot: median of the interleaved rounds; line: quartiles.",
            rows,
            [.. cases.Select(name => new Panel(name, scale, NanosecondAxis, [.. rows.Select(row => Spread(book.Find(workload, row, name, LogWorkload.Cost), MarkKind.Dot))]))])
        {
            NameWidth = rows.Max(static row => row.Length) * 6.6 + 24,
        };
    }

    private static RowChart Throughput(FigureBook book)
    {
        string[] cases = [.. LogWorkload.Producers.Select(LogWorkload.Case)];
        string[] rows = Rows(book, LogWorkload.Id, LogWorkload.Rate, cases[0], ascending: false);
        var scale = Scale.Linear(Figures(book, LogWorkload.Id, LogWorkload.Rate).Select(static figure => figure.Distribution.Median));
        return new RowChart(
            "Events per second, end to end",
            "From the first call to the last delivery, no event lost, more is better. Medians of the interleaved rounds.",
            rows,
            [.. cases.Select(name => new Panel(name, scale, RateAxis, [.. rows.Select(row => Single(book.Find(LogWorkload.Id, row, name, LogWorkload.Rate), MarkKind.Bar))]))]);
    }

    private static RowChart Paced(FigureBook book)
    {
        string[] cases = [PacedWorkload.Call, PacedWorkload.Delivery];
        string[] rows = Rows(book, PacedWorkload.Id, "p50", PacedWorkload.Call, ascending: true);
        return new RowChart(
            "One event every 50 µs",
            "Log scale, less is better. Dot: p50; ring: p99; tick: p99.9; the line goes on to the slowest event. Medians of the interleaved rounds.",
            rows,
            [.. cases.Select(name => QuantilePanel(book, name, rows))]);
    }

    private static Panel QuantilePanel(FigureBook book, string @case, string[] rows)
    {
        double[] values = [.. PacedWorkload.Quantiles.SelectMany(quantile => rows.Select(row => book.Median(PacedWorkload.Id, row, @case, quantile.Name))).Where(double.IsFinite)];
        return new Panel(@case == PacedWorkload.Call ? "The call of Log" : "From Log to delivery", Scale.Log(values), NanosecondAxis, [.. rows.Select(row =>
        {
            double[] at = [.. PacedWorkload.Quantiles.Select(quantile => book.Median(PacedWorkload.Id, row, @case, quantile.Name))];
            return double.IsNaN(at[0])
                ? null
                : new PanelRow(
                    Palette.Family(row),
                    [new(MarkKind.Tick, at[2]), new(MarkKind.Ring, at[1]), new(MarkKind.Dot, at[0])],
                    (at[0], at[3]),
                    $"{Nanoseconds(at[0])} · {Nanoseconds(at[1])}");
        })]);
    }

    private static RowChart FileRates(FigureBook book)
    {
        string[] rows = Rows(book, FileWorkload.Id, FileWorkload.Rate, FileWorkload.Case, ascending: false);
        (string Metric, string Title, Func<double, string> Axis)[] panels =
        [
            (FileWorkload.Rate, "Events per second, more is better", RateAxis),
            (FileWorkload.PerEvent, "Processor time per event, all threads, less is better", NanosecondAxis),
        ];
        return new RowChart(
            "Events into a file, as JSON",
            "From the first call until the file is closed. Medians of the interleaved rounds.",
            rows,
            [.. panels.Select(panel => new Panel(
                panel.Title,
                Scale.Linear(Figures(book, FileWorkload.Id, panel.Metric).Select(static figure => figure.Distribution.Median)),
                panel.Axis,
                [.. rows.Select(row => Single(book.Find(FileWorkload.Id, row, FileWorkload.Case, panel.Metric), MarkKind.Bar))]))]);
    }

    private static PanelRow? Spread(Figure? figure, MarkKind kind) => Single(figure, kind) is { } row
        ? row with { Range = (figure!.Distribution.LowerQuartile, figure.Distribution.UpperQuartile) }
        : null;

    private static PanelRow? Single(Figure? figure, MarkKind kind) => figure is null
        ? null
        : new PanelRow(
            Palette.Family(figure.Key.Peer),
            [new(kind, figure.Distribution.Median)],
            Range: null,
            Quantity.Format(figure.Distribution.Median, figure.Unit));

    private static IEnumerable<Figure> Figures(FigureBook book, string workload, string metric) =>
        book.All.Where(figure => figure.Key.Workload == workload && figure.Key.Metric == metric);

    private static string[] Rows(FigureBook book, string workload, string metric, string @case, bool ascending)
    {
        IEnumerable<Figure> figures = Figures(book, workload, metric).Where(figure => figure.Key.Case == @case);
        figures = ascending ? figures.OrderBy(static figure => figure.Distribution.Median) : figures.OrderByDescending(static figure => figure.Distribution.Median);
        return [.. figures.Select(static figure => figure.Key.Peer)];
    }

    private static string Nanoseconds(double value) => Quantity.Format(value, "ns");

    private static string NanosecondAxis(double value) => Quantity.Round(value, "ns");

    private static string RateAxis(double value) => Quantity.Round(value, "events/s");
}
