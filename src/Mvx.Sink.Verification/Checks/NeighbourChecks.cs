namespace Mvx.Sink.Verification;

/// <summary>
/// Rule K18: two sinks of one class at the same time. Both are there, but only one of them works at a time, since a backend may have one owner and a test's backend
/// no locks; unless the specification says that two may work side by side.
/// </summary>
internal sealed class NeighbourChecks<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    /// <summary>So few fit into any buffer that a sink without a lock on its backend may have.</summary>
    private const int Few = 3;

    private const int FewestRounds = 6;
    private const int MostRounds = 150;

    private static readonly TimeSpan _longestMeeting = TimeSpan.FromMilliseconds(100);

    public string LeaveEachOtherAlone()
    {
        using var first = new SinkStage<TSink, TEvent>(session);
        first.Start();
        using var second = new SinkStage<TSink, TEvent>(session, reset: false);
        SinkOperationResult beside = second.Await(second.Sink.Start(), "Start of a second sink beside a running one");
        if (!beside.Success)
            throw new RuleSkip($"a second sink does not start beside the first, as is right where the backend has one owner: {SinkStage<TSink, TEvent>.Describe(beside.Error?.InnerException ?? beside.Error)}");
        // Whichever opens such a backend late is refused late.
        Work(first, 1);
        Work(second, 1);
        Work(first, Few);
        if ((NotRunning(first) ?? NotRunning(second)) is { } refused)
            throw new RuleSkip($"a second sink cannot work beside the first, as is right where the backend has one owner: {refused}");
        if (session.Can(SinkCapabilities.Neighbours))
            WorkTogether(first, second);
        Stop(first, "the first of two sinks");
        Demand(first, "When the first of two sinks had stopped, of its own events ");
        DemandRunning(second);
        Work(second, Few);
        DemandRunning(second);
        if (session.Can(SinkCapabilities.Restart))
        {
            first.Start();
            Work(first, Few);
        }

        Stop(second, "the second of two sinks");
        Demand(second, "When the second of two sinks had stopped, of its own events ");
        if (session.Can(SinkCapabilities.Restart))
        {
            DemandRunning(first);
            Work(first, Few);
            Stop(first, "the first of two sinks, started again,");
            Demand(first, "When the first of two sinks had stopped again, of its own events ");
        }

        return session.Can(SinkCapabilities.Neighbours) ? "two sinks side by side" : "two sinks in turns";
    }

    private static string? NotRunning(SinkStage<TSink, TEvent> stage) =>
        stage.Sink.State == SinkState.Running ? null : SinkStage<TSink, TEvent>.Describe(stage.Sink.LastError);

    private static void DemandRunning(SinkStage<TSink, TEvent> stage)
    {
        if (NotRunning(stage) is { } error)
            throw new RuleViolation($"When one of two sinks had stopped, the other was {stage.Sink.State}: {error}");
    }

    private static void Stop(SinkStage<TSink, TEvent> stage, string which)
    {
        SinkOperationResult result = stage.Await(stage.Sink.Stop(), $"Stop of {which}");
        if (!result.Success)
            throw new RuleViolation($"Stop of {which} failed although the backend is healthy: {SinkStage<TSink, TEvent>.Describe(result.Error)}");
    }

    private static void Work(SinkStage<TSink, TEvent> stage, int events)
    {
        stage.LogPatiently(events);
        stage.Flush();
    }

    /// <summary>Gives both loops a backlog, so that they dispatch at the same moment.</summary>
    private void WorkTogether(SinkStage<TSink, TEvent> first, SinkStage<TSink, TEvent> second)
    {
        // On one processor the two change places only when the time of one is over, so each needs more to do than it gets done in that.
        int events = Environment.ProcessorCount > 1 ? session.EventsFor(0.05, 2_500) : session.EventsFor(0.2, SinkOptions.DefaultQueueMaxSize);
        bool fast = session.Traits.PerEvent < TimeSpan.FromMilliseconds(1);
        TimeSpan time = session.Budget;
        long started = TimeProvider.System.GetTimestamp();
        for (int round = 0; round < (fast ? MostRounds : 1) && (round < FewestRounds || TimeProvider.System.GetElapsedTime(started) < time); round++)
        {
            using var go = new ManualResetEventSlim(initialState: false);
            var line = new StartLine(2);
            bool Begin(int index) => go.Wait(TimeSpan.FromMinutes(1)) && line.MeetClosely(index, _longestMeeting, out _);
            Task[] begun = [first.Loop.InvokeAsync(() => Begin(0)), second.Loop.InvokeAsync(() => Begin(1))];
            void LogToBoth()
            {
                first.Log(events);
                second.Log(events);
            }

            bool returned = Patience.TryRun(LogToBoth, session.Bound(0));
            go.Set();
            if (!Task.WaitAll(begun, session.Bound(0)))
                line.Open();
            Task.WaitAll(begun, session.Bound(0));
            if (!returned)
                throw second.Hang("Log of one of two sinks did not return while their loops were stuck.");

            first.Flush();
            second.Flush();
        }
    }

    private void Demand(SinkStage<TSink, TEvent> stage, string when)
    {
        if (!session.Can(SinkCapabilities.ReadBack))
            return;
        DeliveryFindings findings;
        try
        {
            findings = stage.CompareSettled(out _);
        }
        catch (Exception error) when (!session.Can(SinkCapabilities.Neighbours))
        {
            throw new RuleSkip($"what two sinks have written to one backend cannot be read back: {error.GetType().Name}: {error.Message}");
        }

        string? fault = findings.DescribeLost
            ?? (session.Can(SinkCapabilities.MayDuplicate) ? null : findings.DescribeDuplicated)
            ?? findings.DescribeUninvited
            ?? (session.Can(SinkCapabilities.Ordered) ? findings.DescribeSwapped : null)
            ?? findings.DescribeChanged;
        if (fault is not null)
            throw new RuleViolation(when + fault);
    }
}
