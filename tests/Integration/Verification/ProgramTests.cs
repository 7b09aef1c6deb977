using System.Text.RegularExpressions;
using Mvx.Sink.Integration.Support;
using Mvx.Sink.Integration.Verification.Backends;
using Mvx.Sink.Integration.Verification.FaultySinks;
using Mvx.Sink.Integration.Verification.GoodSinks;
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
        Assert.All([first, second], static found => Assert.Matches(@"\.Restart\(\)|Stop\(\)", found.Code));
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
    public void What_is_printed_makes_the_same_program_again()
    {
        SinkCommandKind[] kinds = Enum.GetValues<SinkCommandKind>();
        for (int seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            SinkCommand[] Some() => [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => new SinkCommand(kinds[random.Next(kinds.Length)], random.Next(1, 9)))];
            SinkProgram program = SinkProgram.Empty with { Prefix = Some(), Branches = [.. Enumerable.Range(0, seed % 3).Select(_ => Some())], IsScheduled = seed % 4 == 0 };
            if (seed % 2 == 0)
                program = program.WithQueue(random.Next(1, 9), random.Next(2) == 0 ? QueueOverflowPolicy.Drop : QueueOverflowPolicy.RaiseError);
            Assert.Equal(program.ToString(), Read(program.ToString()).ToString());
        }
    }

    [Fact]
    public void A_scheduled_run_is_the_same_every_time()
    {
        RuleResult result = Plain().Verify(Only("K82"))["K82"];
        Assert.Equal("45 sequences, 45 of them the same when run again", result.Message);
    }

    [Fact]
    public void A_seed_finds_the_very_same_interleaving_again()
    {
        Counterexample Find() => new BackendSpecification<LosesWhatComesDuringTheStart>(static (options, backend) => new LosesWhatComesDuringTheStart(options, backend))
            .Verify(Only("K82"))["K82"].Counterexample!;
        Counterexample first = Find(), second = Find();
        Assert.Equal((first.Code, first.Seed, first.Shrinks), (second.Code, second.Seed, second.Shrinks));
        // The events' numbers are unique in the process; all else is the same.
        Assert.Equal(first.History, second.History);
        var specification = new BackendSpecification<LosesWhatComesDuringTheStart>(static (options, backend) => new LosesWhatComesDuringTheStart(options, backend));
        Assert.Throws<SinkVerificationException>(() => specification.Replay(first.Program));
    }

    [Fact]
    public void A_scheduled_program_runs_on_the_callers_turns() =>
        Plain().Replay(SinkProgram.Empty.WithQueue(2).Scheduled().Log(3).Look().Step(2).Log(1).BeginStop().Look().Step(1).Look());

    [Fact]
    public void A_refusal_may_be_counted_as_late_as_its_call_returns() =>
        new BackendSpecification<CountsRefusalsLateSink>(static (options, backend) => new CountsRefusalsLateSink(options, backend))
            .Replay(SinkProgram.Empty.Start().Stop().Branch(b => b.Log(3)).Branch(b => b.Look().Look().Look().Start().Look()));

    [Fact]
    public void What_a_flush_throws_on_a_branch_is_reported()
    {
        var specification = new BackendSpecification<ThrowsFromItsFlush>(static (options, backend) => new ThrowsFromItsFlush(options, backend));
        SinkVerificationException error = Assert.Throws<SinkVerificationException>(() => specification.Replay(SinkProgram.Empty.Start().Branch(b => b.Flush()).Branch(b => b.Log(1))));
        Assert.Contains("FlushAsync threw InvalidOperationException: no flush today", error.Message, StringComparison.Ordinal);
    }

    private static VerificationSettings Only(string rule) => TestSettings.Thorough with
    {
        Exempt = KitRules.All.Where(other => other.Id != rule).ToDictionary(static other => other.Id, static _ => "not asked for"),
    };

    /// <summary>Makes a program of its text by calling what the text calls, as a compiler would.</summary>
    private static SinkProgram Read(string text)
    {
        SinkProgram program = SinkProgram.Empty;
        Assert.StartsWith("SinkProgram.Empty", text, StringComparison.Ordinal);
        foreach (Match call in Regex.Matches(text, @"\.(?<name>[A-Z]\w+)\((?:b => b(?<branch>(?:\.\w+\(\d*\))*)|(?<arguments>[^()]*))\)"))
        {
            string name = call.Groups["name"].Value;
            string[] arguments = call.Groups["arguments"].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries);
            program = name switch
            {
                "Branch" => program.Branch(_ => Read("SinkProgram.Empty" + call.Groups["branch"].Value)),
                "WithQueue" => program.WithQueue(int.Parse(arguments[0]), Enum.Parse<QueueOverflowPolicy>(arguments[1].Split('.')[1])),
                _ => (SinkProgram)typeof(SinkProgram).GetMethod(name)!.Invoke(program, [.. arguments.Select(static argument => (object)int.Parse(argument))])!,
            };
        }

        return program;
    }

    private static BackendSpecification<BackendSink> Plain() => new(static (options, backend) => new BackendSink(options, backend));
}
