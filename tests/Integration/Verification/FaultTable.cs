using System.Text;
using Mvx.Sink.Verification;

namespace Mvx.Sink.Integration.Verification;

/// <summary>The table rule × faulty sink. It is written anew after each sink, so that a run that ends early leaves the rows it came to.</summary>
public sealed class FaultTable
{
    private const string Legend =
        "**N** the rule that names the fault, x another rule that sees it, - skipped, (N) the naming rule needs the longer run that it has in its own test.";

    private readonly Dictionary<string, string> _rows = new(StringComparer.Ordinal);

    internal static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "TestResults", "rules-by-faulty-sink.md");

    /// <summary>Adds a sink's row and writes the table.</summary>
    /// <returns>The row.</returns>
    internal string Add(FaultyCase item, SinkVerificationReport report)
    {
        string row = $"| {item.Name} |{string.Concat(report.Results.Select(result => $" {Mark(item, result)} |"))}";
        _rows[item.Name] = row;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.WriteAllText(Path, ToString());
        return row;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var table = new StringBuilder();
        table.Append("| faulty sink |").AppendJoin("", KitRules.All.Select(static rule => $" {rule.Id} |")).AppendLine();
        table.Append("| --- |").AppendJoin("", KitRules.All.Select(static _ => " --- |")).AppendLine();
        foreach (FaultyCase item in FaultyCases.All)
        {
            if (_rows.TryGetValue(item.Name, out string? row))
                table.AppendLine(row);
        }

        return table.AppendLine().AppendLine(Legend).ToString();
    }

    private static string Mark(FaultyCase item, RuleResult result) => (result.Verdict, result.Rule.Id == item.Rule) switch
    {
        (RuleVerdict.Failed, true) => "**N**",
        (RuleVerdict.Failed, false) => "x",
        (_, true) => "(N)",
        (RuleVerdict.Skipped, _) => "-",
        _ => "",
    };
}
