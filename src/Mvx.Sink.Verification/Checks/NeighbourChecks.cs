namespace Mvx.Sink.Verification;

/// <summary>Rule K18: two sinks of one class at the same time.</summary>
internal sealed class NeighbourChecks<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    public string LeaveEachOtherAlone()
    {
        int events = session.EventsFor(0.1, 40);
        using var first = new SinkStage<TSink, TEvent>(session);
        first.Start();
        using var second = new SinkStage<TSink, TEvent>(session, reset: false);
        SinkOperationResult beside = second.Await(second.Sink.Start(), "Start of a second sink beside a running one");
        if (!beside.Success)
            throw new RuleSkip($"a second sink does not start beside the first, as is right where the backend has one owner: {SinkStage<TSink, TEvent>.Describe(beside.Error?.InnerException ?? beside.Error)}");
        first.LogPatiently(1);
        first.Flush();
        second.LogPatiently(1);
        second.Flush();
        // The first to work owns such a backend, whichever opens it late.
        foreach (SinkStage<TSink, TEvent> stage in new[] { first, second })
        {
            if (stage.Sink.State != SinkState.Running)
                throw new RuleSkip($"a second sink cannot work beside the first, as is right where the backend has one owner: {SinkStage<TSink, TEvent>.Describe(stage.Sink.LastError)}");
        }

        for (int i = 0; i < events; i++)
        {
            first.LogPatiently(1);
            second.LogPatiently(1);
        }

        var other = new Thread(() => second.Log(events)) { IsBackground = true };
        other.Start();
        first.Log(events);
        if (!other.Join(session.Bound(events)))
            throw second.Hang("Log of one sink did not return while another was logged to.");
        int rounds = session.Traits.PerEvent < TimeSpan.FromMilliseconds(1) ? 8 : 1;
        for (int round = 0; round < rounds; round++)
            LetBothWork(first, second, session.EventsFor(0.05, 150));
        Stop(first, "the first of two sinks");
        Demand(first, "When the first of two sinks had stopped, of its own events ");
        if (second.Sink.State != SinkState.Running)
            throw new RuleViolation($"When the first of two sinks had stopped, the second was {second.Sink.State}: {SinkStage<TSink, TEvent>.Describe(second.Sink.LastError)}");
        second.LogPatiently(events);
        if (session.Can(SinkCapabilities.Restart))
        {
            first.Start();
            first.LogPatiently(3);
        }

        second.LogPatiently(3);
        Stop(second, "the second of two sinks");
        Demand(second, "When the second of two sinks had stopped, of its own events ");
        if (session.Can(SinkCapabilities.Restart))
        {
            first.LogPatiently(3);
            Stop(first, "the first of two sinks, started again,");
            Demand(first, "When the first of two sinks had stopped again, of its own events ");
        }

        return $"two sinks, {events * 3} events each";
    }

    /// <summary>Gives both loops a backlog, so that they dispatch at the same moment.</summary>
    private void LetBothWork(SinkStage<TSink, TEvent> first, SinkStage<TSink, TEvent> second, int events)
    {
        using (first.TryHold())
        using (second.TryHold())
        {
            if (!Patience.TryRun(() => { first.Log(events); second.Log(events); }, session.Bound(0)))
                throw second.Hang("Log of one of two sinks did not return while their loops were stuck.");
        }

        first.Flush();
        second.Flush();
    }

    private static void Stop(SinkStage<TSink, TEvent> stage, string which)
    {
        SinkOperationResult result = stage.Await(stage.Sink.Stop(), $"Stop of {which}");
        if (!result.Success)
            throw new RuleViolation($"Stop of {which} failed although the backend is healthy: {SinkStage<TSink, TEvent>.Describe(result.Error)}");
    }

    private void Demand(SinkStage<TSink, TEvent> stage, string when)
    {
        if (!session.Can(SinkCapabilities.ReadBack))
            return;
        DeliveryFindings findings = stage.CompareSettled(out _);
        string? fault = findings.DescribeLost
            ?? (session.Can(SinkCapabilities.MayDuplicate) ? null : findings.DescribeDuplicated)
            ?? findings.DescribeUninvited
            ?? (session.Can(SinkCapabilities.Ordered) ? findings.DescribeSwapped : null)
            ?? findings.DescribeChanged;
        if (fault is not null)
            throw new RuleViolation(when + fault);
    }
}
