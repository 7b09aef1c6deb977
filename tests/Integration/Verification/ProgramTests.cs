using Mvx.Sink.Integration.Support;
using Mvx.Sink.Integration.Verification.Backends;
using Mvx.Sink.Integration.Verification.FaultySinks;
using Mvx.Sink.Verification;

namespace Mvx.Sink.Integration.Verification;

/// <summary>Counterexamples: small, printed as C#, and good for replaying.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class ProgramTests
{
    private static readonly VerificationSettings _onlySequences = TestSettings.Thorough with
    {
        Exempt = KitRules.All.Where(static rule => rule.Id != "K80").ToDictionary(static rule => rule.Id, static _ => "not asked for"),
    };

    [Fact]
    public void A_counterexample_is_shrunk_printed_and_replays()
    {
        var specification = new BackendSpecification<CannotRestart>(static (options, backend) => new CannotRestart(options, backend));
        RuleResult result = specification.Verify(_onlySequences)["K80"];
        Counterexample counterexample = Assert.IsType<Counterexample>(result.Counterexample);
        Assert.True(counterexample.Program.Length <= 4, counterexample.Code);
        Assert.StartsWith("new BackendSpecification<CannotRestart>()", counterexample.Code, StringComparison.Ordinal);
        Assert.Contains("SinkProgram.Empty", counterexample.Code, StringComparison.Ordinal);
        SinkVerificationException error = Assert.Throws<SinkVerificationException>(() => specification.Replay(counterexample.Program));
        Assert.Contains("K80", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_seed_finds_the_fault_again()
    {
        // The threads of a real loop are not the seed's to command, so the two need not shrink to the same program.
        Counterexample Find() => new BackendSpecification<CannotRestart>(static (options, backend) => new CannotRestart(options, backend)).Verify(_onlySequences)["K80"].Counterexample!;
        Counterexample first = Find(), second = Find();
        Assert.Equal(first.Seed, second.Seed);
        Assert.All([first, second], static found => Assert.Contains(".Restart()", found.Code, StringComparison.Ordinal));
    }

    [Fact]
    public void A_program_is_printed_as_the_code_that_makes_it()
    {
        SinkProgram program = SinkProgram.Empty
            .WithQueue(2, QueueOverflowPolicy.Drop)
            .Log(3)
            .Restart()
            .Branch(b => b.Log(1).Stop())
            .Branch(b => b.Flush());
        Assert.Equal(
            """
            SinkProgram.Empty
                .WithQueue(2, QueueOverflowPolicy.Drop)
                .Log(3)
                .Restart()
                .Branch(b => b.Log(1).Stop())
                .Branch(b => b.Flush())
            """.ReplaceLineEndings("\n"),
            program.ToString());
        Plain().Replay(program);
    }

    [Fact]
    public void A_scheduled_program_runs_on_the_callers_turns() =>
        Plain().Replay(SinkProgram.Empty.WithQueue(2).Scheduled().Log(3).Look().Step(2).Log(1).BeginStop().Look().Step(1).Look());

    private static BackendSpecification<BackendSink> Plain() => new(static (options, backend) => new BackendSink(options, backend));
}
