using Spectre.Console;
using Spectre.Console.Rendering;

namespace Mvx.Sink.Samples.Monitoring;

/// <summary>The page of the live view: a row for each sink, then what happened lately.</summary>
internal static class Page
{
    /// <summary>All fit into eighty columns. The accepted events are the sum of the middle four.</summary>
    private static readonly string[] _counts = ["offered", "delivered", "pending", "failed", "undelivered", "dropped", "rejected"];

    public static IRenderable Of(IReadOnlyList<AsyncSink<string>> sinks, RecentNews recent) => new Rows(
        Figures(sinks),
        List("Transitions", recent.Transitions),
        List("Losses", recent.Losses));

    private static Table Figures(IReadOnlyList<AsyncSink<string>> sinks)
    {
        Table table = new Table().Border(TableBorder.Horizontal).AddColumn(new TableColumn("sink (state)").Padding(0, 0).NoWrap());
        foreach (string count in _counts)
            table.AddColumn(new TableColumn(count).Padding(1, 0).RightAligned());
        foreach (AsyncSink<string> sink in sinks)
        {
            SinkLedger ledger = sink.Ledger;
            table.AddRow(
                Paint($"{sink}", ColourOf(sink.State)),
                Plain(ledger.Offered),
                Plain(ledger.Delivered),
                Plain(ledger.Pending),
                Loss(ledger.Failed),
                Loss(ledger.Undelivered),
                Loss(ledger.Dropped),
                Loss(ledger.Rejected));
        }

        return table;
    }

    private static Panel List(string title, News[] news)
    {
        IEnumerable<string> lines = news.Select(static one => $"[grey]{one.At:HH:mm:ss}[/] {Markup.Escape($"{one.Sink}: {one.Text}")}");
        return new Panel(new Markup(string.Join('\n', lines))).Header(title).Expand().Border(BoxBorder.Rounded);
    }

    private static string ColourOf(SinkState state) => state switch
    {
        SinkState.Running => "green",
        SinkState.Failure or SinkState.Cancelled => "red",
        _ => "yellow",
    };

    private static string Plain(long count) => $"{count:N0}";

    private static string Loss(long count) => count == 0 ? "0" : Paint($"{count:N0}", "red");

    private static string Paint(string text, string colour) => $"[{colour}]{Markup.Escape(text)}[/]";
}
