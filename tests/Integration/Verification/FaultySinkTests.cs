using Mvx.Sink.Integration.Support;
using Mvx.Sink.Verification;
using Xunit.Abstractions;

namespace Mvx.Sink.Integration.Verification;

/// <summary>The teeth of the kit: each faulty sink against the one rule that names its fault.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class FaultySinkTests(ITestOutputHelper output)
{
    public static IEnumerable<object[]> Names => FaultyCases.All.Select(static item => new object[] { item.Name, item.Rule });

    [Theory]
    [MemberData(nameof(Names))]
    public void A_faulty_sink_is_caught_by_the_rule_that_names_it(string name, string rule)
    {
        SinkVerificationReport report = FaultyCases.All.Single(item => item.Name == name).Run(TestSettings.Targeted, rule);
        output.WriteLine(report[rule].Message);
        Assert.True(report[rule].Verdict == RuleVerdict.Failed, $"{name} passed {rule}: {report[rule].Verdict}, {report[rule].Message}");
        Assert.DoesNotContain("left the sink or the specification", report[rule].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_rule_has_a_faulty_sink() =>
        Assert.Empty(KitRules.All.Select(static rule => rule.Id).Except(FaultyCases.All.Select(static item => item.Rule)));
}
