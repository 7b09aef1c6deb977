namespace Mvx.Sink.Verification;

/// <summary>The start-and-stop cycles over which rules K40 to K43 count.</summary>
internal sealed record ResourceRun(IReadOnlyList<LeakFinding> Leaks, int Cycles, bool Restarted)
{
    public static ResourceRun OverCycles<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
        where TSink : class, ISinkLifecycle
        where TEvent : notnull
    {
        int cycles = session.CyclesFor(0.4, session.Settings.Cycles, events: 3);
        ResourceKind[] kinds = Enum.GetValues<ResourceKind>();
        if (!session.Can(SinkCapabilities.Restart))
        {
            // Each cycle has a new sink, so what its constructor took is released by disposing it.
            return new ResourceRun(LeakSearch.FindAll(cycles, () => Once(session), session.Settings.SettleTime, session.Specification.CountOpenInBackend, kinds), cycles, Restarted: false);
        }

        using var stage = new SinkStage<TSink, TEvent>(session);
        IReadOnlyList<LeakFinding> leaks = LeakSearch.FindAll(
            cycles,
            () =>
            {
                stage.Start();
                stage.LogPatiently(3);
                stage.Stop();
            },
            session.Settings.SettleTime,
            session.Specification.CountOpenInBackend,
            kinds);
        return new ResourceRun(leaks, cycles, Restarted: true);
    }

    private static void Once<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
        where TSink : class, ISinkLifecycle
        where TEvent : notnull
    {
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        stage.LogPatiently(3);
        stage.Stop();
        Patience.TryRun(
            () =>
            {
                (stage.Sink as IDisposable)?.Dispose();
                (stage.Sink as IAsyncDisposable)?.DisposeAsync().AsTask().Wait();
            },
            session.Bound(0));
    }
}
