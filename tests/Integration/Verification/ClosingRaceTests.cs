using Mvx.Sink.Integration.Support;
using Mvx.Sink.Integration.Verification.Backends;
using Mvx.Sink.Integration.Verification.FaultySinks;
using Mvx.Sink.Integration.Verification.GoodSinks;
using Mvx.Sink.Verification;
using Xunit.Abstractions;

namespace Mvx.Sink.Integration.Verification;

/// <summary>The races of rule K81 between Log and a stop, without its random programs.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class ClosingRaceTests(ITestOutputHelper output)
{
    private static readonly VerificationSettings _racesOnly = TestSettings.Targeted with
    {
        ParallelSequences = 0,
        Exempt = KitRules.All.Where(static rule => rule.Id != "K81").ToDictionary(static rule => rule.Id, static _ => "not asked for"),
    };

    [Fact]
    public void An_event_that_is_forgotten_in_the_middle_of_a_stop_is_missed_in_the_backend()
    {
        string message = Fault(new BackendSpecification<ForgetsWhileItIsBeingStopped>(static (options, backend) => new ForgetsWhileItIsBeingStopped(options, backend)));
        Assert.Contains("was called while another thread was logging without a pause", message, StringComparison.Ordinal);
        Assert.Contains("did not reach the backend", message, StringComparison.Ordinal);
        Assert.Contains("Look at what Log does first", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_look_into_the_backend_it_is_missed_in_the_books()
    {
        string message = Fault(new BackendSpecification<ForgetsWhileItIsBeingStopped>(static (options, backend) => new ForgetsWhileItIsBeingStopped(options, backend))
        {
            Without = SinkCapabilities.ReadBack,
        });
        Assert.Contains("but the ledger knows of", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposal_is_raced_with_too()
    {
        string message = Fault(new BackendSpecification<ForgetsWhileItIsBeingDisposed>(static (options, backend) => new ForgetsWhileItIsBeingDisposed(options, backend)));
        Assert.StartsWith("DisposeAsync was called", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_tells_how_many_races_there_were()
    {
        RuleResult result = new BackendSpecification<BackendSink>(static (options, backend) => new BackendSink(options, backend)).Verify(_racesOnly)["K81"];
        output.WriteLine(result.Message);
        Assert.Equal(RuleVerdict.Passed, result.Verdict);
        Assert.Matches("^0 sequences, [0-9]+ closing races", result.Message);
    }

    [Fact]
    public void A_sink_that_cannot_be_started_again_is_raced_with_too() =>
        Assert.Equal(RuleVerdict.Passed, new OnceOnlySpecification().Verify(_racesOnly)["K81"].Verdict);

    [Fact]
    public void A_sink_that_gathers_in_Log_is_raced_with_too() =>
        Assert.Equal(RuleVerdict.Passed, new BuffersInLogSpecification().Verify(_racesOnly)["K81"].Verdict);

    [Fact]
    public void A_sink_that_drops_is_raced_with_too() =>
        Assert.Equal(
            RuleVerdict.Passed,
            new BackendSpecification<DroppingSink>(static (options, backend) => new DroppingSink(options, backend)).Verify(_racesOnly)["K81"].Verdict);

    private string Fault<TSink, TEvent>(SinkSpecification<TSink, TEvent> specification)
        where TSink : class, ISinkLifecycle
        where TEvent : notnull
    {
        RuleResult result = specification.Verify(_racesOnly)["K81"];
        output.WriteLine(result.Message);
        Assert.Equal(RuleVerdict.Failed, result.Verdict);
        return result.Message;
    }
}
