namespace Mvx.Sink.Verification;

/// <summary>The big delivery: many events of one producer, then of several at once.</summary>
internal sealed record DeliveryRun<TSink, TEvent>(DeliveryFindings Single, DeliveryFindings Concurrent, int Producers, string? Strange)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    private const int ProducerCount = 4;

    public static DeliveryRun<TSink, TEvent> Perform(VerificationSession<TSink, TEvent> session)
    {
        int count = session.EventsFor(0.6, session.Settings.Events);
        DeliveryFindings single = One(session, count, out string? strange);
        DeliveryFindings concurrent = Many(session, Math.Max(ProducerCount, count / 2), out string? other);
        return new DeliveryRun<TSink, TEvent>(single, concurrent, ProducerCount, strange ?? other);
    }

    private static DeliveryFindings One(VerificationSession<TSink, TEvent> session, int count, out string? strange)
    {
        using SinkStage<TSink, TEvent> stage = Open(session, count);
        stage.LogPatiently(count);
        stage.Stop();
        strange = FindStrange(stage);
        return stage.CompareSettled(out _);
    }

    private static DeliveryFindings Many(VerificationSession<TSink, TEvent> session, int count, out string? strange)
    {
        using SinkStage<TSink, TEvent> stage = Open(session, count);
        TimeSpan bound = session.Bound(count);
        Thread[] threads =
        [
            .. Enumerable.Range(0, ProducerCount).Select(_ =>
            {
                Producer<TSink, TEvent> producer = stage.AddProducer();
                return new Thread(() =>
                {
                    for (int i = 0; i < count / ProducerCount; i++)
                        producer.LogPatiently(bound);
                }) { IsBackground = true };
            }),
        ];
        Array.ForEach(threads, static thread => thread.Start());
        if (!Array.TrueForAll(threads, thread => thread.Join(bound + bound)))
            throw new RuleViolation($"{ProducerCount} producers could not log {count} events within {(bound + bound).TotalSeconds:0.#} s.");
        stage.Stop();
        strange = FindStrange(stage);
        return stage.CompareSettled(out _);
    }

    private static SinkStage<TSink, TEvent> Open(VerificationSession<TSink, TEvent> session, int count)
    {
        // Half of the events must wait for room when there are many: waiting producers are part of life.
        var stage = new SinkStage<TSink, TEvent>(session, session.Options(session.Traits.TakesLimit ? Math.Max(64, count / 2) : null));
        try
        {
            stage.Start();
            return stage;
        }
        catch
        {
            stage.Dispose();
            throw;
        }
    }

    private static string? FindStrange(SinkStage<TSink, TEvent> stage)
    {
        foreach (Producer<TSink, TEvent> producer in stage.Producers)
        {
            if (producer.Events.Find(static logged => logged.Strange is not null) is { } logged)
                return $"Log of {logged.Id} threw {logged.Strange!.GetType().Name}: {logged.Strange.Message}";
        }

        return null;
    }
}
