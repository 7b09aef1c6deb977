using Mvx.Sink.Integration.Support;
using Mvx.Sink.Verification;
using Xunit.Abstractions;

namespace Mvx.Sink.Integration.Verification;

/// <summary>All rules on all faulty sinks: the table shows which rules see which fault.</summary>
[Collection(ProcessWideCollection.Name)]
[Trait("Category", "Slow")]
public sealed class FaultTableTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_faulty_sink_is_caught_by_its_rule_among_all_rules()
    {
        var table = new List<string> { $"| faulty sink | named by | also seen by | rules passed |", "| --- | --- | --- | --- |" };
        var missed = new List<string>();
        foreach (FaultyCase item in FaultyCases.All)
        {
            SinkVerificationReport report = item.Run(TestSettings.Brief, rule: null);
            bool caught = report[item.Rule].Verdict == RuleVerdict.Failed;
            if (!caught)
                missed.Add($"{item.Name} by {item.Rule}: {report[item.Rule].Verdict} {report[item.Rule].Message}");
            IEnumerable<string> others = report.Failed.Select(static result => result.Rule.Id).Where(id => id != item.Rule);
            table.Add($"| {item.Name} | {(caught ? item.Rule : $"NOT {item.Rule}")} | {string.Join(" ", others)} | {report.Passed.Count} |");
        }

        string text = string.Join(Environment.NewLine, table);
        output.WriteLine(text);
        string folder = Path.Combine(AppContext.BaseDirectory, "TestResults");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "rules-by-faulty-sink.md"), text);
        Assert.True(missed.Count <= 2, string.Join(Environment.NewLine, missed)); // brief settings may miss a rare fault; the theory does not
    }
}
