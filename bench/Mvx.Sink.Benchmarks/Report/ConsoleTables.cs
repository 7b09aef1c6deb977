using Mvx.Sink.Benchmarks.Measuring;

namespace Mvx.Sink.Benchmarks.Report;

/// <summary>Prints the figures: one table per workload and metric, a row per peer, a column per case, the middle and the quartiles in each cell.</summary>
internal static class ConsoleTables
{
    public static void Print(FigureBook book, TextWriter to)
    {
        foreach (FigureTable table in FigureTable.All(book))
        {
            to.WriteLine();
            to.WriteLine($"{table.Title}   (median [lower quartile – upper quartile])");
            Grid([["", .. table.Columns], .. table.Rows.Select(static row => (string[])[row.Peer, .. row.Cells])], to);
        }
    }

    public static void Grid(IReadOnlyList<string[]> rows, TextWriter to)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
            to.WriteLine("  " + string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))));
    }
}
