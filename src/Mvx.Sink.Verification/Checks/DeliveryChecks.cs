namespace Mvx.Sink.Verification;

/// <summary>Rules K10 to K16: what becomes of events on the way.</summary>
internal sealed class DeliveryChecks<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    public string NothingLost() =>
        session.Delivery.Strange is { } strange ? throw new RuleViolation(strange) : Demand(static findings => findings.DescribeLost ?? findings.DescribeUninvited);

    public string NothingTwice() =>
        session.Can(SinkCapabilities.MayDuplicate)
            ? throw new RuleSkip("the specification accepts duplicates")
            : Demand(static findings => findings.DescribeDuplicated);

    public string OrderKept() => Demand(static findings => findings.DescribeSwapped);

    public string ContentUnchanged()
    {
        string done = Demand(static findings => findings.DescribeChanged);
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        stage.LogPatiently(3);
        stage.Stop();
        if (stage.ReadBack().All(static item => item.Content is null))
            throw new RuleSkip("ReadBack gives no Content to compare");
        if (stage.Compare().DescribeChanged is { } changed)
            throw new RuleViolation(changed);
        new CultureCheck<TSink, TEvent>(session).Demand();
        return $"{done}, and some under another culture";
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
        int received = 0;
        foreach ((string how, DeliveryFindings findings) in session.Together.Runs)
        {
            string? fault = session.Together.Strange
                ?? findings.DescribeLost
                ?? (session.Can(SinkCapabilities.MayDuplicate) ? null : findings.DescribeDuplicated)
                ?? findings.DescribeUninvited
                ?? (session.Can(SinkCapabilities.Ordered) ? findings.DescribeSwapped : null);
            if (fault is not null)
                throw new RuleViolation($"With {how}: {fault}");
            received += findings.Received;
        }

        return $"{received} events of {DeliveryRun<TSink, TEvent>.ProducerCount} producers";
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
            DeliveryFindings findings = stage.Compare();
            if (!session.Can(SinkCapabilities.MayDuplicate) && findings.DescribeDuplicated is { } again)
                throw new RuleViolation($"When FlushAsync had completed, {again}");
            if (findings.DescribeLost is not { } missing)
                continue;
            stage.Stop();
            if (!session.Can(SinkCapabilities.WriteThrough) && stage.Compare().Lost.Count == 0)
                throw new RuleSkip("events were not in the backend after FlushAsync, but were after Stop: declare Batches if the sink gathers them on its own, else WriteThrough to have this checked");
            throw new RuleViolation($"When FlushAsync had completed, {missing}");
        }

        return $"{rounds} flushes";
    }

    private string Demand(Func<DeliveryFindings, string?> find)
    {
        foreach ((string how, DeliveryFindings findings) in session.Delivery.Runs)
        {
            if (find(findings) is { } fault)
                throw new RuleViolation($"With {how}: {fault}");
        }

        return $"{session.Delivery.Runs.Sum(static run => run.Findings.Received)} events in {session.Delivery.Runs.Count} ways";
    }
}
