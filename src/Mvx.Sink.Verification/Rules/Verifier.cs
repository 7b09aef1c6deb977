using System.Security.Cryptography;

namespace Mvx.Sink.Verification;

/// <summary>Checks rules one after the other and gathers the results.</summary>
internal sealed class Verifier<TSink, TEvent>(SinkSpecification<TSink, TEvent> specification, VerificationSettings settings)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    /// <summary>After so many checks that did not come back the others are not begun: each would cost as much, and say no more.</summary>
    private const int MostGivenUp = 5;

    private readonly ulong _seed = settings.Seed ?? BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4));
    private int _givenUp;

    public SinkVerificationReport VerifyAll() => Verify(KitRules.All);

    public SinkVerificationReport VerifyOne(KitRule rule) => Verify([rule]);

    public SinkVerificationReport Replay(SinkProgram program)
    {
        using var session = new VerificationSession<TSink, TEvent>(specification, settings, _seed);
        KitRule rule = KitRules.Get(program.IsScheduled ? "K82" : program.Branches.Count > 1 ? "K81" : "K80");
        long started = TimeProvider.System.GetTimestamp();
        session.FindTraits();
        RuleResult result = Guard(rule, session, started, () => new ProgramChecks<TSink, TEvent>(session).Replay(program));
        return Report([result], started);
    }

    private SinkVerificationReport Verify(IReadOnlyList<KitRule> rules)
    {
        long started = TimeProvider.System.GetTimestamp();
        using var session = new VerificationSession<TSink, TEvent>(specification, settings, _seed);
        var book = new RuleBook<TSink, TEvent>(session);
        session.FindTraits();
        var results = new List<RuleResult>();
        foreach (KitRule rule in rules)
        {
            RuleResult result = CheckOne(rule, session, book);
            results.Add(result);
            settings.Progress?.Invoke(result);
        }

        return Report(results, started);
    }

    private RuleResult CheckOne(KitRule rule, VerificationSession<TSink, TEvent> session, RuleBook<TSink, TEvent> book)
    {
        long started = TimeProvider.System.GetTimestamp();
        if (settings.Exempt.TryGetValue(rule.Id, out string? reason))
            return new RuleResult(rule, RuleVerdict.Skipped, $"exempt: {reason}", TimeSpan.Zero);
        if (!session.Can(rule.Requires))
            return new RuleResult(rule, RuleVerdict.Skipped, KitRules.WhyMissing(rule.Requires & ~session.Capabilities), TimeSpan.Zero);
        if (_givenUp >= MostGivenUp)
            return new RuleResult(rule, RuleVerdict.Skipped, $"{MostGivenUp} checks did not come back: mend what hangs there first, or check this rule alone", TimeSpan.Zero);
        session.LookAtMachine();
        return Guard(rule, session, started, book.CheckOf(rule));
    }

    private RuleResult Guard(KitRule rule, VerificationSession<TSink, TEvent> session, long started, Func<string> check)
    {
        RuleResult Result(RuleVerdict verdict, string message, Counterexample? counterexample = null) =>
            new(rule, verdict, message, TimeProvider.System.GetElapsedTime(started), counterexample);
        string? done = null;
        TimeSpan longest = session.LongestCheck;
        try
        {
            if (session.TryRun(() => done = check(), longest, out TimeSpan? stuck))
                return Result(RuleVerdict.Passed, done ?? "");
            session.NoteHang();
            _givenUp += stuck is null ? 1 : 0;
            return Result(
                RuleVerdict.Failed,
                stuck is { } time
                    ? $"A call of Log had not returned after {time.TotalSeconds:0.#} s; the check was given up."
                    : $"The check did not come back within {longest.TotalSeconds:0} s: some code of the sink or of the specification hangs.");
        }
        catch (RuleSkip skip)
        {
            return Result(RuleVerdict.Skipped, skip.Message);
        }
        catch (RuleViolation violation)
        {
            if (TimeProvider.System.GetElapsedTime(started) > settings.OperationTimeout)
                session.NoteHang();
            return Result(RuleVerdict.Failed, violation.Message, violation.Counterexample);
        }
        catch (Exception error)
        {
            return Result(RuleVerdict.Failed, $"{error.GetType().Name} left the sink or the specification: {error.Message}{Environment.NewLine}{error.StackTrace}");
        }
    }

    private SinkVerificationReport Report(IReadOnlyList<RuleResult> results, long started) =>
        new(typeof(TSink).Name, _seed, results, TimeProvider.System.GetElapsedTime(started));
}
