using Mvx.Sink.Integration.Support;
using Mvx.Sink.Verification;

namespace Mvx.Sink.Integration.Verification.Guide;

/// <summary>The guide to the kit tells every rule, and what it shows of F# runs.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class GuideTests
{
    private const string GuidePath = "docs/guide/verify-your-sink.md";

    [Fact]
    public void Every_rule_is_in_the_guide()
    {
        string guide = Repository.Read(GuidePath);
        Assert.All(KitRules.All, rule => Assert.Contains($"| {rule.Id} | {rule.Title} |", guide, StringComparison.Ordinal));
    }

    [Fact]
    public void The_FSharp_sample_verifies_its_sink()
    {
        SinkVerificationReport report = new VerifyFSharp.Program.MemorySinkSpecification().Verify(TestSettings.Brief);
        report.ThrowIfFailed();
        Assert.True(report.Passed.Count > 20);
    }
}
