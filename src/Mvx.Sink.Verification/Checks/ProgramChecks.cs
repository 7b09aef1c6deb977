namespace Mvx.Sink.Verification;

/// <summary>Rules K80 to K82: random programs, with the model as oracle.</summary>
internal sealed class ProgramChecks<TSink, TEvent>
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    private readonly VerificationSession<TSink, TEvent> _session;

    public ProgramChecks(VerificationSession<TSink, TEvent> session) => _session = session;

    public string Sequential() =>
        Search(_session.Settings.Sequences, Generator().Sequential, program => ThreadedRun<TSink, TEvent>.Of(_session, program), attempts: 1);

    public string Parallel()
    {
        string done = Search(_session.Settings.ParallelSequences, Generator().Parallel, program => ThreadedRun<TSink, TEvent>.Of(_session, program), attempts: 3);
        return $"{done}, {new ClosingRace<TSink, TEvent>(_session).Demand()}";
    }

    public string Scheduled()
    {
        int repeatable = 0;
        string done = Search(
            _session.Settings.ScheduledSequences,
            Generator().Scheduled,
            program =>
            {
                ProgramOutcome first = ScheduledRun<TSink, TEvent>.Of(_session, program);
                if (first.Fault is null && ScheduledRun<TSink, TEvent>.Of(_session, program).Transcript == first.Transcript)
                    repeatable++;
                return first;
            },
            attempts: 1);
        return $"{done}, {repeatable} of them the same when run again";
    }

    public string Replay(SinkProgram program)
    {
        // What depends on when the loop gets its turn may need some tries; only a scheduled program is the same every time.
        int times = program.IsScheduled ? 1 : 20;
        for (int i = 0; i < times; i++)
        {
            ProgramOutcome outcome = program.IsScheduled ? ScheduledRun<TSink, TEvent>.Of(_session, program) : ThreadedRun<TSink, TEvent>.Of(_session, program);
            if (outcome.Fault is not null)
                throw new RuleViolation(outcome.Fault, new Counterexample(program, ProgramPrinter.Test(program, SpecificationName), _session.Seed, outcome.History, 0));
        }

        return $"{times} runs";
    }

    private string SpecificationName => NameOf(_session.Specification.GetType());

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;

    private ProgramGenerator Generator() => new(
        limits: _session.Traits.TakesLimit,
        breaks: _session.Can(SinkCapabilities.Break),
        restarts: _session.Can(SinkCapabilities.Restart),
        terminates: typeof(IAsyncDisposable).IsAssignableFrom(typeof(TSink)),
        small: _session.Traits.PerEvent * 40 > _session.Budget);

    private string Search(int count, Func<ulong, int, SinkProgram> draw, Func<SinkProgram, ProgramOutcome> run, int attempts)
    {
        Counterexample? counterexample = ProgramSearch.Find(
            count,
            // The time may be somebody else's fault; that of a slow sink is its own.
            fewest: _session.Traits.PerEvent < TimeSpan.FromMilliseconds(5) ? Math.Min(count, 48) : 1,
            _session.Budget * 2,
            _session.Seed,
            index => WithoutRestart(draw(_session.Seed, index)),
            run,
            attempts,
            SpecificationName,
            out string? fault,
            out int done);
        if (counterexample is not null)
            throw new RuleViolation(fault!, counterexample);
        return done < count ? $"{done} of {count} sequences in the time there was" : $"{count} sequences";
    }

    /// <summary>A sink that cannot be restarted is started once.</summary>
    private SinkProgram WithoutRestart(SinkProgram program)
    {
        if (_session.Can(SinkCapabilities.Restart))
            return program;
        static SinkCommand[] Keep(IReadOnlyList<SinkCommand> commands) =>
            [.. commands.Where(static command => command.Kind is not (SinkCommandKind.Start or SinkCommandKind.BeginStart or SinkCommandKind.Restart))];
        return program with { Prefix = [new SinkCommand(SinkCommandKind.Start), .. Keep(program.Prefix)], Branches = [.. program.Branches.Select(Keep)] };
    }
}
