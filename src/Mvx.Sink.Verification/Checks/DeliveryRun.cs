namespace Mvx.Sink.Verification;

/// <summary>The big delivery: many events of one producer, then of several at once.</summary>
internal sealed record DeliveryRun<TSink, TEvent>(DeliveryFindings Single, DeliveryFindings Concurrent, int Producers, string? Strange)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    private const int ProducerCount = 4;

    /// <summary>A fault in one event of a thousand shows in so many, and a fast sink gets the time for them even where the machine is busy.</summary>
    private const int EnoughForRareFaults = 2_500;

    public static DeliveryRun<TSink, TEvent> Perform(VerificationSession<TSink, TEvent> session)
    {
        DeliveryFindings single = One(session, out int count, out string? strange);
        DeliveryFindings concurrent = Many(session, Math.Max(ProducerCount, count / 2), out string? other);
        return new DeliveryRun<TSink, TEvent>(single, concurrent, ProducerCount, strange ?? other);
    }

    /// <summary>
    /// Logs in growing portions until there are enough or the time is up. What a portion really took decides, not an estimate: on a busy machine that would end a fast
    /// sink's run far too early.
    /// </summary>
    private static DeliveryFindings One(VerificationSession<TSink, TEvent> session, out int count, out string? strange)
    {
        using SinkStage<TSink, TEvent> stage = Open(session, session.Settings.Events);
        long started = TimeProvider.System.GetTimestamp();
        count = 0;
        for (int portion = 8; count < session.Settings.Events; portion = Math.Min(portion * 2, 1_000))
        {
            int next = Math.Min(portion, session.Settings.Events - count);
            stage.LogPatiently(next);
            stage.Flush();
            count += next;
            TimeSpan elapsed = TimeProvider.System.GetElapsedTime(started);
            if (elapsed > session.Settings.RuleBudget * (count < EnoughForRareFaults ? 4 : 1))
                break;
            if (elapsed > session.Settings.RuleBudget && elapsed / count > TimeSpan.FromMilliseconds(2))
                break; // slow by nature
        }

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
