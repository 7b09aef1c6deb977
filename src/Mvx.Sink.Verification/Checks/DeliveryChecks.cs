namespace Mvx.Sink.Verification;

/// <summary>Rules K10 to K16: what becomes of events on the way.</summary>
internal sealed class DeliveryChecks<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    public string NothingLost() => Demand((session.Delivery.Strange ?? Single.DescribeLost ?? Single.DescribeUninvited), Single);

    public string NothingTwice() =>
        session.Can(SinkCapabilities.MayDuplicate)
            ? throw new RuleSkip("the specification accepts duplicates")
            : Demand(Single.DescribeDuplicated, Single);

    public string OrderKept() => Demand(Single.DescribeSwapped, Single);

    public string ContentUnchanged()
    {
        Demand(Single.DescribeChanged, Single);
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        stage.LogPatiently(3);
        stage.Stop();
        if (stage.ReadBack().All(static item => item.Content is null))
            throw new RuleSkip("ReadBack gives no Content to compare");
        return Demand(stage.Compare().DescribeChanged, Single);
    }

    public string EventsUnchanged()
    {
        if (typeof(TEvent).IsValueType || typeof(TEvent) == typeof(string))
            return "the events are values and cannot be changed";
        int count = session.EventsFor(0.2, 500);
        using var stage = new SinkStage<TSink, TEvent>(session);
        TEvent control = session.Specification.CreateEvent(new SinkEventId(0, 0));
        string before = EventSnapshot.Of(control);
        stage.Start();
        stage.LogPatiently(count, snapshot: true);
        stage.Stop();
        if (!string.Equals(before, EventSnapshot.Of(control), StringComparison.Ordinal))
            throw new RuleSkip("the public values of an event change by themselves");
        foreach (LoggedEvent<TEvent> logged in stage.Producers.SelectMany(static producer => producer.Events))
        {
            string after = EventSnapshot.Of(logged.Item);
            if (!string.Equals(logged.Snapshot, after, StringComparison.Ordinal))
                throw new RuleViolation($"{logged.Id} was {logged.Snapshot} when it was logged and is {after} now.");
        }

        return $"{count} events";
    }

    public string ConcurrentProducers()
    {
        DeliveryFindings findings = session.Delivery.Concurrent;
        string? fault = session.Delivery.Strange
            ?? findings.DescribeLost
            ?? (session.Can(SinkCapabilities.MayDuplicate) ? null : findings.DescribeDuplicated)
            ?? findings.DescribeUninvited
            ?? (session.Can(SinkCapabilities.Ordered) ? findings.DescribeSwapped : null);
        return fault is null ? $"{findings.Received} events of {session.Delivery.Producers} producers" : throw new RuleViolation(fault);
    }

    public string FlushReachesBackend()
    {
        if (session.Can(SinkCapabilities.Batches))
            throw new RuleSkip("the specification says that the sink batches on its own");
        if (SinkMembers<TSink, TEvent>.Flush is null)
            throw new RuleSkip("the sink has no FlushAsync");
        int rounds = session.EventsFor(0.1, 20);
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        for (int round = 1; round <= rounds; round++)
        {
            stage.LogPatiently(1 + (round % 3));
            FlushReport report = stage.Flush()!.Value;
            if (!report.AllDelivered)
                throw new RuleViolation($"FlushAsync reports {report} although the backend is healthy.");
            if (stage.Compare().DescribeLost is not { } missing)
                continue;
            stage.Stop();
            if (!session.Can(SinkCapabilities.WriteThrough) && stage.Compare().Lost.Count == 0)
                throw new RuleSkip("events were not in the backend after FlushAsync, but were after Stop: declare Batches if the sink gathers them on its own, else WriteThrough to have this checked");
            throw new RuleViolation($"When FlushAsync had completed, {missing}");
        }

        return $"{rounds} flushes";
    }

    private DeliveryFindings Single => session.Delivery.Single;

    private static string Demand(string? fault, DeliveryFindings findings) =>
        fault is null ? $"{findings.Received} events" : throw new RuleViolation(fault);
}
