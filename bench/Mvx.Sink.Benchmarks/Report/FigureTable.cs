using Mvx.Sink.Benchmarks.Measuring;

namespace Mvx.Sink.Benchmarks.Report;

/// <summary>The figures of one metric: a row per peer, a column per case. Quantiles of one case are shown as the columns of one table.</summary>
internal sealed record FigureTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<(string Peer, string[] Cells)> Rows)
{
    public static IEnumerable<FigureTable> All(FigureBook book)
    {
        foreach (IGrouping<string, Figure> workload in book.All.GroupBy(static figure => figure.Key.Workload))
        {
            bool quantiles = workload.Any(static figure => figure.Key.Metric == "p99.9");
            var tables = quantiles
                ? workload.GroupBy(static figure => figure.Key.Case).Select(static group => Make(group.Key, group, static key => key.Metric))
                : workload.GroupBy(static figure => figure.Key.Metric).Select(static group => Make(group.Key, group, static key => key.Case));
            foreach (FigureTable table in tables)
                yield return table with { Title = $"{workload.Key}: {table.Title}" };
        }
    }

    private static FigureTable Make(string title, IEnumerable<Figure> figures, Func<FigureKey, string> column)
    {
        List<Figure> all = [.. figures];
        string[] columns = [.. all.Select(figure => column(figure.Key)).Distinct()];
        var rows = all.GroupBy(static figure => figure.Key.Peer).Select(peer =>
        {
            Dictionary<string, Figure> cells = peer.ToDictionary(figure => column(figure.Key));
            return (peer.Key, columns.Select(name => cells.TryGetValue(name, out Figure? figure) ? Cell(figure) : "").ToArray());
        });
        return new FigureTable(title, columns, [.. rows]);
    }

    private static string Cell(Figure figure)
    {
        Distribution distribution = figure.Distribution;
        string median = Quantity.Format(distribution.Median, figure.Unit);
        return distribution.Count < 2 || distribution.LowerQuartile == distribution.UpperQuartile
            ? median
            : $"{median} [{Quantity.Format(distribution.LowerQuartile, figure.Unit)} – {Quantity.Format(distribution.UpperQuartile, figure.Unit)}]";
    }
}
