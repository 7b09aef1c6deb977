using System.Text;
using Mvx.Sink.Benchmarks.Measuring;

namespace Mvx.Sink.Benchmarks.Report;

/// <summary>The run as a page: the machine, the bars, and every table.</summary>
internal static class MarkdownReport
{
    public static readonly string[] BarHeader = ["What", "Bar", "Figure", "Quartiles", "by processor time", ""];

    public static string Write(FigureBook book, BenchOptions options, Machine machine)
    {
        var page = new StringBuilder();
        page.AppendLine("# Benchmarks").AppendLine();
        page.AppendLine($"{machine.Describe()} {options.Rounds} interleaved rounds{(options.Quick ? ", quick: not to be quoted" : "")}. ");
        page.AppendLine("A ratio is the median of the ratios of samples taken in the same round; the quartiles are in brackets.").AppendLine();
        AppendBars(page, book);
        foreach (FigureTable table in FigureTable.All(book))
        {
            page.AppendLine($"## {table.Title}").AppendLine();
            AppendRow(page, ["", .. table.Columns]);
            AppendRow(page, ["---", .. table.Columns.Select(static _ => "---:")]);
            foreach ((string peer, string[] cells) in table.Rows)
                AppendRow(page, [peer, .. cells]);
            page.AppendLine();
        }

        return page.ToString();
    }

    /// <summary>The bars that this run measured: what, bar, figure, spread, met or not.</summary>
    public static IEnumerable<string[]> BarRows(FigureBook book)
    {
        foreach (Bar bar in Bars.All)
        {
            if (bar.Measure(book) is not { Count: > 0 } measured)
                continue;
            string spread = measured.Count < 2 ? "" : $"{bar.Format(measured.LowerQuartile)} – {bar.Format(measured.UpperQuartile)}";
            yield return [bar.What, bar.LimitText, bar.Format(measured.Median), spread, Processor(bar, book), bar.IsMet(measured.Median) ? "met" : "NOT met"];
        }
    }

    private static string Processor(Bar bar, FigureBook book) =>
        bar.MeasureByProcessorTime(book) is { Count: > 0 } measured ? bar.Format(measured.Median) : "";

    private static void AppendBars(StringBuilder page, FigureBook book)
    {
        AppendRow(page, BarHeader);
        AppendRow(page, ["---", "---:", "---:", "---:", "---:", "---"]);
        foreach (string[] row in BarRows(book))
            AppendRow(page, row);
        page.AppendLine();
    }

    private static void AppendRow(StringBuilder page, IEnumerable<string> cells) => page.AppendLine($"| {string.Join(" | ", cells)} |");
}
