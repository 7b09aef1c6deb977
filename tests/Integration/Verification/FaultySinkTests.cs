using Mvx.Sink.Integration.Support;
using Mvx.Sink.Verification;
using Xunit.Abstractions;

namespace Mvx.Sink.Integration.Verification;

[Collection(ProcessWideCollection.Name)]
[Trait("Category", "Slow")]
public sealed class FaultySinkTests(ITestOutputHelper output)
{
    public static IEnumerable<object[]> Names => FaultyCases.All.Select(static item => new object[] { item.Name, item.Rule });

    [Theory]
    [MemberData(nameof(Names))]
    public void A_faulty_sink_is_caught_by_the_rule_that_names_it(string name, string rule)
    {
        SinkVerificationReport report = FaultyCases.All.Single(item => item.Name == name).Run(TestSettings.Thorough, rule);
        output.WriteLine(report[rule].Message);
        Assert.Equal(RuleVerdict.Failed, report[rule].Verdict);
        Assert.DoesNotContain("left the sink or the specification", report[rule].Message, StringComparison.Ordinal);
    }
}
