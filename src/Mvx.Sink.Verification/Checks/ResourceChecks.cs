namespace Mvx.Sink.Verification;

/// <summary>Rules K40 to K44: what is left of a sink.</summary>
internal sealed class ResourceChecks<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    public string Threads() => Demand(ResourceKind.Threads);

    public string Handles() => Demand(ResourceKind.Handles, ResourceKind.Backend);

    public string Sockets() =>
        ResourceCount.TellsSockets ? Demand(ResourceKind.Sockets) : throw new RuleSkip("sockets cannot be told from other handles on this system; they are counted in K41");

    public string TimersAndTasks() => Demand(ResourceKind.Timers, ResourceKind.PoolWork);

    public string Terminated()
    {
        int cycles = session.CyclesFor(0.4, session.Settings.Cycles, events: 1);
        int number = 0;
        LeakFinding? leak = LeakSearch.Find(
            cycles,
            () =>
            {
                using var stage = new SinkStage<TSink, TEvent>(session);
                stage.Start();
                stage.LogPatiently(1);
                // Every other one is not stopped: its loop is torn down.
                if (++number % 2 == 0)
                    stage.Stop();
                else if (!Patience.TryRun(stage.Loop.Dispose, session.Bound(1)))
                    throw stage.Hang("The loop of a running sink was torn down, but the sink did not end.");
            },
            session.Settings.SettleTime,
            session.Specification.CountOpenInBackend,
            // A client made by the constructor may keep its connection until it is collected; K42 looks at the cycles of one sink instead.
            [ResourceKind.Threads, ResourceKind.Handles, ResourceKind.Backend]);
        return leak is null ? $"{cycles} sinks" : throw new RuleViolation($"Sinks that were created, started and stopped, or torn down with their loop, left something behind: {leak.Description}");
    }

    public string Failed()
    {
        if (session.Failures.Any(static run => run.Hang is not null))
            throw new RuleSkip("the sink hangs on a broken backend: see K31");
        int cycles = session.CyclesFor(0.4, session.Settings.Cycles, events: 2);
        LeakFinding? leak = LeakSearch.Find(
            cycles,
            () =>
            {
                using var stage = new SinkStage<TSink, TEvent>(session);
                stage.Start();
                stage.Break();
                stage.Log(2);
                Patience.Until(() => stage.Sink.State != SinkState.Running || stage.Sink.Ledger.Pending == 0, session.Bound(2));
            },
            session.Settings.SettleTime,
            session.Specification.CountOpenInBackend,
            [ResourceKind.Threads, ResourceKind.Handles, ResourceKind.Backend]);
        return leak is null ? $"{cycles} failures" : throw new RuleViolation($"Sinks that failed left something behind: {leak.Description}");
    }

    private string Demand(params ResourceKind[] kinds)
    {
        LeakFinding? leak = session.Resources.Leaks.FirstOrDefault(finding => kinds.Contains(finding.Kind));
        string how = session.Resources.Restarted ? "of one sink" : "of new sinks";
        return leak is null ? $"{session.Resources.Cycles} cycles {how}" : throw new RuleViolation($"Starting and stopping {how} leaks: {leak.Description}");
    }
}
