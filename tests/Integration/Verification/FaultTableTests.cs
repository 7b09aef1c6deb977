using Mvx.Sink.Integration.Support;
using Mvx.Sink.Verification;
using Xunit.Abstractions;

namespace Mvx.Sink.Integration.Verification;

/// <summary>All rules on all faulty sinks: the table shows which rules see which fault. The rule that names a fault is demanded elsewhere, and faster.</summary>
[Collection(ProcessWideCollection.Name)]
[Trait("Category", "Slow")]
public sealed class FaultTableTests(FaultTable table, ITestOutputHelper output) : IClassFixture<FaultTable>
{
    public static IEnumerable<object[]> Names => FaultyCases.All.Select(static item => new object[] { item.Name });

    [Theory]
    [MemberData(nameof(Names))]
    public void A_faulty_sink_is_caught_among_all_rules(string name)
    {
        FaultyCase item = FaultyCases.All.Single(item => item.Name == name);
        SinkVerificationReport report = item.Run(TestSettings.Brief, rule: null);
        output.WriteLine(table.Add(item, report));
        Assert.False(report.Success, $"{name} passed all rules.");
    }
}
