using System.Text;
using Mvx.Sink.Integration.Support;
using Mvx.Sink.Verification;
using Xunit.Abstractions;

namespace Mvx.Sink.Integration.Verification;

/// <summary>All rules on all faulty sinks: the table shows which rules see which fault. The rule that names a fault is demanded elsewhere, and faster.</summary>
[Collection(ProcessWideCollection.Name)]
[Trait("Category", "Slow")]
public sealed class FaultTableTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_faulty_sink_is_caught_among_all_rules()
    {
        var table = new StringBuilder();
        var unseen = new List<string>();
        table.Append("| faulty sink |").AppendJoin("", KitRules.All.Select(static rule => $" {rule.Id} |")).AppendLine();
        table.Append("| --- |").AppendJoin("", KitRules.All.Select(static _ => " --- |")).AppendLine();
        foreach (FaultyCase item in FaultyCases.All)
        {
            SinkVerificationReport report = item.Run(TestSettings.Brief, rule: null);
            table.Append($"| {item.Name} |").AppendJoin("", report.Results.Select(result => $" {Mark(item, result)} |")).AppendLine();
            if (report.Success)
                unseen.Add(item.Name);
        }

        table.AppendLine().AppendLine("**N** the rule that names the fault, x another rule that sees it, - skipped, (N) the naming rule needs the longer run that it has in its own test.");
        output.WriteLine(table.ToString());
        string folder = Path.Combine(AppContext.BaseDirectory, "TestResults");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "rules-by-faulty-sink.md"), table.ToString());
        Assert.Empty(unseen);
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
