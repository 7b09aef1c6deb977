namespace Mvx.Sink.Verification;

/// <summary>Tries a sink out. What goes wrong here is found again, and named, by the rules.</summary>
internal static class TraitsProbe
{
    private const int Limit = 3;
    private const int Offered = 5;

    public static SinkTraits Of<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
        where TSink : class, ISinkLifecycle
        where TEvent : notnull
    {
        SinkTraits traits = SinkTraits.Unknown;
        try
        {
            // More and more events, until they take longer than what a busy machine takes for anything.
            for (int count = 2; count <= 600; count *= 6)
            {
                (TimeSpan cycle, TimeSpan perEvent) = Measure(session, count);
                if (perEvent > TimeSpan.FromMilliseconds(1))
                {
                    // Slow, or the machine was busy elsewhere: the better of two tells.
                    (TimeSpan again, TimeSpan perEventAgain) = Measure(session, count);
                    (cycle, perEvent) = (again < cycle ? again : cycle, perEventAgain < perEvent ? perEventAgain : perEvent);
                }

                traits = traits with { Cycle = cycle, PerEvent = perEvent };
                if (perEvent * count > TimeSpan.FromMilliseconds(100))
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
