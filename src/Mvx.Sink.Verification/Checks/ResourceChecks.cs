namespace Mvx.Sink.Verification;

/// <summary>Rules K40 to K45: what is left of a sink.</summary>
internal sealed class ResourceChecks<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    /// <summary>So few still tell a leak from noise.</summary>
    private const int FewestCycles = 3;

    private static readonly ResourceKind[] _kept = [ResourceKind.Sockets, ResourceKind.Timers];

    public string Threads() => Demand(ResourceKind.Threads);

    public string Handles() => Demand(ResourceKind.Handles, ResourceKind.Backend);

    public string Sockets() =>
        ResourceCount.TellsSockets ? Demand(ResourceKind.Sockets) : throw new RuleSkip("sockets cannot be told from other handles on this system; they are counted in K41");

    public string TimersAndTasks() => Demand(ResourceKind.Timers, ResourceKind.PoolWork);

    public string Terminated()
    {
        int cycles = session.CyclesFor(0.4, session.Settings.Cycles, events: 1);
        if (NeverStarted() is { } unused)
            throw new RuleViolation($"Sinks that were created and disposed, but never started, left something behind: {unused.Description}");
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
            throw new RuleSkip("the sink hangs, or cannot be disposed, on a broken backend: see K31");
        int failures = CyclesFor(Fail);
        if (FindMoreThanByStopping(failures, Fail) is { } leak)
            throw new RuleViolation($"Sinks that failed left something behind: {leak.Description}");
        int recoveries = CyclesFor(Recover);
        if (FindMoreThanByStopping(recoveries, Recover) is { } kept)
            throw new RuleViolation($"Sinks whose backend failed for a moment, and which were stopped then, left something behind: {kept.Description}");
        return $"{failures} failures, {recoveries} passing faults";
    }

    /// <summary>How long a sink's retries take before it fails is known only when it has.</summary>
    private int CyclesFor(Action cycle)
    {
        long started = TimeProvider.System.GetTimestamp();
        cycle();
        TimeSpan one = TimeProvider.System.GetElapsedTime(started);
        int most = session.Settings.Cycles;
        return (int)Math.Clamp(session.Budget * 0.5 / one, Math.Min(FewestCycles, most), most);
    }

    private LeakFinding? NeverStarted() => LeakSearch.Find(
        session.CyclesFor(0.2, session.Settings.Cycles),
        () =>
        {
            using var stage = new SinkStage<TSink, TEvent>(session);
            Patience.TryRun(
                () =>
                {
                    (stage.Sink as IDisposable)?.Dispose();
                    (stage.Sink as IAsyncDisposable)?.DisposeAsync().AsTask().Wait();
                },
                session.Bound(0));
        },
        session.Settings.SettleTime,
        session.Specification.CountOpenInBackend,
        [ResourceKind.Threads, ResourceKind.Handles, ResourceKind.Sockets, ResourceKind.Backend]);

    /// <summary>A client that the constructor makes may keep its connection, and its timer, until it is collected; but then it does so in a sink that was only stopped, too.</summary>
    private LeakFinding? FindMoreThanByStopping(int cycles, Action cycle)
    {
        IReadOnlyList<LeakFinding> leaks = Find(cycles, cycle, [ResourceKind.Threads, ResourceKind.Handles, ResourceKind.Backend, .. _kept]);
        if (leaks.FirstOrDefault(static leak => !_kept.Contains(leak.Kind)) is { } leak)
            return leak;
        if (leaks.Count == 0)
            return null;
        IReadOnlyList<LeakFinding> anyway = Find(cycles, Stop, _kept);
        return leaks.FirstOrDefault(candidate => !anyway.Any(other => other.Kind == candidate.Kind));
    }

    private IReadOnlyList<LeakFinding> Find(int cycles, Action cycle, IReadOnlyList<ResourceKind> kinds) =>
        LeakSearch.FindAll(cycles, cycle, session.Settings.SettleTime, session.Specification.CountOpenInBackend, kinds);

    private void Fail()
    {
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        stage.Break();
        stage.Log(2);
        Patience.Until(() => stage.Sink.State != SinkState.Running || stage.Sink.Ledger.Pending == 0, session.Bound(2));
    }

    private void Recover()
    {
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        stage.LogPatiently(1);
        stage.Flush();
        bool counted = session.Can(SinkCapabilities.FailNextWrites);
        if (counted)
            stage.FailNextWrites(2);
        else
            stage.Break();
        stage.Log(2);
        stage.LetDispatchBegin();
        if (!counted)
            stage.Heal();
        Patience.Until(() => stage.Sink.State != SinkState.Running || stage.Sink.Ledger.Pending == 0, session.Bound(2));
    }

    private void Stop()
    {
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        stage.LogPatiently(2);
        stage.Stop();
    }

    private string Demand(params ResourceKind[] kinds)
    {
        LeakFinding? leak = session.Resources.Leaks.FirstOrDefault(finding => kinds.Contains(finding.Kind));
        string how = session.Resources.Restarted ? "of one sink" : "of new sinks";
        return leak is null ? $"{session.Resources.Cycles} cycles {how}" : throw new RuleViolation($"Starting and stopping {how} leaks: {leak.Description}");
    }
}
