namespace Mvx.Sink.Verification;

/// <summary>Tries a sink out. What goes wrong here is found again, and named, by the rules.</summary>
internal static class TraitsProbe
{
    private const int Limit = 3;
    private const int Offered = 5;
    private const int MostRepeats = 3;

    /// <summary>Longer than what a busy machine takes for anything, most of the time.</summary>
    private static readonly TimeSpan _long = TimeSpan.FromMilliseconds(100);

    public static SinkTraits Of<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
        where TSink : class, ISinkLifecycle
        where TEvent : notnull
    {
        SinkTraits traits = SinkTraits.Unknown;
        try
        {
            // More and more events, until they take long.
            for (int count = 2; count <= 600; count *= 6)
            {
                (TimeSpan cycle, TimeSpan perEvent) = Measure(session, count);
                bool alike = false;
                for (int time = 0; time < MostRepeats && !alike && perEvent * count > _long; time++)
                {
                    // Slow, or the machine was busy elsewhere: the best tells. A fast sink that is taken for a slow one is given too little to do.
                    (TimeSpan again, TimeSpan perEventAgain) = Measure(session, count);
                    alike = Math.Abs(perEventAgain / perEvent - 1) < 0.2;
                    (cycle, perEvent) = (again < cycle ? again : cycle, perEventAgain < perEvent ? perEventAgain : perEvent);
                }

                traits = traits with { Cycle = cycle, PerEvent = perEvent };
                if (perEvent * count > _long)
                    break;
            }

            return WithLog(session, traits);
        }
        catch (Exception)
        {
            return traits;
        }
    }

    private static (TimeSpan Cycle, TimeSpan PerEvent) Measure<TSink, TEvent>(VerificationSession<TSink, TEvent> session, int count)
        where TSink : class, ISinkLifecycle
        where TEvent : notnull
    {
        using var stage = new SinkStage<TSink, TEvent>(session);
        long started = TimeProvider.System.GetTimestamp();
        stage.Start();
        TimeSpan start = TimeProvider.System.GetElapsedTime(started);
        long logged = TimeProvider.System.GetTimestamp();
        stage.Log(count);
        stage.Stop();
        TimeSpan rest = TimeProvider.System.GetElapsedTime(logged);
        return (start + rest, rest / count);
    }

    private static SinkTraits WithLog<TSink, TEvent>(VerificationSession<TSink, TEvent> session, SinkTraits traits)
        where TSink : class, ISinkLifecycle
        where TEvent : notnull
    {
        using var stage = new SinkStage<TSink, TEvent>(session, session.Options(Limit));
        stage.Start();
        using LoopHold? hold = stage.TryHold();
        if (hold is null)
            return traits;
        SinkLedger ledger = default;
        bool returned = Patience.TryRun(
            () =>
            {
                stage.Log(Offered);
                ledger = stage.Sink.Ledger;
            },
            TimeSpan.FromSeconds(1));
        hold.Dispose();
        if (!returned)
            return traits;
        return traits with { LogIsDirect = ledger.Offered == Offered, TakesLimit = ledger is { Accepted: Limit, Rejected: Offered - Limit } };
    }
}
