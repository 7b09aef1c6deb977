namespace Mvx.Sink.Verification;

/// <summary>Runs many programs, and makes the first that fails as small as it can within a time.</summary>
internal static class ProgramSearch
{
    private const int MostShrinks = 400;

    public static Counterexample? Find(
        int count,
        int fewest,
        TimeSpan budget,
        ulong seed,
        Func<int, SinkProgram> draw,
        Func<SinkProgram, ProgramOutcome> run,
        int attempts,
        string specification,
        out string? fault,
        out int done)
    {
        long started = TimeProvider.System.GetTimestamp();
        fault = null;
        for (done = 0; done < count && (done < fewest || TimeProvider.System.GetElapsedTime(started) < budget); done++)
        {
            SinkProgram program = draw(done);
            ProgramOutcome outcome = run(program);
            if (outcome.Fault is null)
                continue;
            int shrinks = 0;
            long shrinking = TimeProvider.System.GetTimestamp();
            while (shrinks < MostShrinks && FindSmaller(program, run, attempts, () => TimeProvider.System.GetElapsedTime(shrinking) > budget * 2) is { } smaller)
            {
                (program, outcome) = smaller;
                shrinks++;
            }

            fault = outcome.Fault;
            return new Counterexample(program, ProgramPrinter.Test(program, specification), seed, outcome.History, shrinks);
        }

        return null;
    }

    private static (SinkProgram Program, ProgramOutcome Outcome)? FindSmaller(SinkProgram program, Func<SinkProgram, ProgramOutcome> run, int attempts, Func<bool> timeIsUp)
    {
        foreach (SinkProgram smaller in ProgramShrinker.Smaller(program))
        {
            // A race does not show every time.
            for (int attempt = 0; attempt < attempts; attempt++)
            {
                if (timeIsUp())
                    return null;
                ProgramOutcome outcome = run(smaller);
                if (outcome.Fault is not null)
                    return (smaller, outcome);
            }
        }

        return null;
    }
}
