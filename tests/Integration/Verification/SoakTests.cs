using Mvx.Sink.Integration.Support;
using Mvx.Sink.Integration.Verification.Backends;
using Mvx.Sink.Integration.Verification.GoodSinks;
using Mvx.Sink.Verification;
using Xunit.Abstractions;

namespace Mvx.Sink.Integration.Verification;

/// <summary>Many seeds over sinks that behave, and what a whole verification takes.</summary>
[Collection(ProcessWideCollection.Name)]
[Trait("Category", "Slow")]
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int Seeds = 12;

    public static IEnumerable<object[]> AllSeeds => Enumerable.Range(1, Seeds).Select(static seed => new object[] { seed });

    [Theory]
    [MemberData(nameof(AllSeeds))]
    public void No_seed_fails_a_good_sink(int seed)
    {
        VerificationSettings settings = VerificationSettings.Quick with { Seed = (ulong)seed };
        Demand(Plain(), settings);
        Demand(new BackendSpecification<MostlyAsynchronousSink>(static (options, backend) => new MostlyAsynchronousSink(options, backend)), settings);
        Demand(new BackendSpecification<ReportingBatchSink>(static (options, backend) => new ReportingBatchSink(options, backend)), settings);
        Demand(new BackendSpecification<AwaitedThreadSink>(static (options, backend) => new AwaitedThreadSink(options, backend)), settings);
        Demand(new BackendSpecification<GroupCommitSink>(static (options, backend) => new GroupCommitSink(options, backend)), settings);
        using var file = new FileSinkSpecification();
        Demand(file, settings);
    }

    /// <summary>The tests that run by default wait for less; users have these settings.</summary>
    [Theory]
    [MemberData(nameof(FaultySinkTests.Names), MemberType = typeof(FaultySinkTests))]
    public void A_faulty_sink_is_caught_by_its_rule_in_a_quick_run_too(string name, string rule)
    {
        SinkVerificationReport report = FaultyCases.All.Single(item => item.Name == name).Run(VerificationSettings.Quick, rule);
        output.WriteLine(report[rule].Message);
        Assert.Equal(RuleVerdict.Failed, report[rule].Verdict);
    }

    /// <summary>A loop that is disposed gives up by itself; a timeout beyond that must not take it for the sink's own end.</summary>
    [Fact]
    public void A_cancellation_that_is_ignored_is_seen_whatever_the_timeout()
    {
        VerificationSettings settings = VerificationSettings.Quick with { CancellationTimeout = TimeSpan.FromSeconds(30) };
        SinkVerificationReport report = FaultyCases.All.Single(static item => item.Name == "IgnoresCancellationBetweenRetries").Run(settings, "K50");
        Assert.Equal(RuleVerdict.Failed, report["K50"].Verdict);
    }

    [Fact]
    public void A_default_run_on_a_fast_sink_passes_and_says_what_it_takes() => Demand(Plain(), VerificationSettings.Default);

    [Fact]
    public void A_quick_run_on_a_fast_sink_passes_and_says_what_it_takes() => Demand(Plain(), VerificationSettings.Quick);

    private static BackendSpecification<BackendSink> Plain() => new(static (options, backend) => new BackendSink(options, backend)) { Extra = SinkCapabilities.WriteThrough };

    private void Demand<TSink, TEvent>(SinkSpecification<TSink, TEvent> specification, VerificationSettings settings)
        where TSink : class, ISinkLifecycle
        where TEvent : notnull
    {
        SinkVerificationReport report = specification.Verify(settings);
        output.WriteLine($"{report.SinkName}, seed {report.Seed}: {report.Passed.Count} passed, {report.Failed.Count} failed, {report.Skipped.Count} skipped in {report.Duration.TotalSeconds:0.0} s");
        report.ThrowIfFailed();
    }
}
