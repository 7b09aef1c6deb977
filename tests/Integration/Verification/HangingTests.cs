using Mvx.Sink.Integration.Support;
using Mvx.Sink.Integration.Verification.Backends;
using Mvx.Sink.Integration.Verification.FaultySinks;
using Mvx.Sink.Verification;

namespace Mvx.Sink.Integration.Verification;

/// <summary>What hangs costs each rule a bound or two of an operation, not the longest that a check may take, and not for every rule.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class HangingTests
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

    [Fact]
    public void After_some_checks_that_did_not_come_back_the_others_are_skipped_and_say_why()
    {
        SinkVerificationReport report = new SilentSpecification().Verify();
        Debris.ClearAway();
        Assert.Equal(5, report.Failed.Count(static result => result.Message.StartsWith("The check did not come back", StringComparison.Ordinal)));
        RuleResult last = report.Results[^1];
        Assert.Equal(RuleVerdict.Skipped, last.Verdict);
        Assert.StartsWith("5 checks did not come back", last.Message, StringComparison.Ordinal);
        Assert.False(report.Success);
    }

    /// <summary>A backend that never answers what it got, as a test database may that is not there.</summary>
    private sealed class SilentSpecification() : BackendSpecification<BackendSink>(static (options, backend) => new BackendSink(options, backend))
    {
        public override VerificationSettings Settings => TestSettings.Brief with { OperationTimeout = TimeSpan.FromMilliseconds(300), RuleBudget = TimeSpan.FromMilliseconds(20) };

        protected override IEnumerable<ReceivedEvent> ReadBack(BackendSink sink)
        {
            Debris.Token.WaitHandle.WaitOne();
            return [];
        }
    }
}
