using Mvx.Sink.Integration.Support;
using Mvx.Sink.Verification;

namespace Mvx.Sink.Integration.Verification;

/// <summary>A sink that blocks its caller for good costs each rule two bounds of an operation, not the longest that a check may take.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class HangingLogTests
{
    [Theory]
    [InlineData("K17")]
    [InlineData("K60")]
    public void A_check_is_given_up_for_a_call_of_Log_that_does_not_return(string rule)
    {
        SinkVerificationReport report = FaultyCases.All.Single(static item => item.Name == "BlocksInLog").Run(TestSettings.Targeted, rule);
        Assert.Equal(RuleVerdict.Failed, report[rule].Verdict);
        Assert.StartsWith("A call of Log had not returned after ", report[rule].Message, StringComparison.Ordinal);
    }
}
