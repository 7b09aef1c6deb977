namespace Mvx.Sink.Verification;

/// <summary>The big deliveries: many events of one producer and others of the same one in unusual ways; or several producers at once.</summary>
/// <param name="Runs">What was logged, with the way it was.</param>
/// <param name="Strange">What Log threw although no rule lets it; null: nothing.</param>
internal sealed record DeliveryRun<TSink, TEvent>(
    IReadOnlyList<(string How, DeliveryFindings Findings)> Runs,
    string? Strange)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    public const int ProducerCount = 4;

    /// <summary>A fault in one event of a thousand shows in so many, and a fast sink gets the time for them even where the machine is busy.</summary>
    private const int EnoughForRareFaults = 2_500;

    /// <summary>How many calls that overlapped with another one show a race, and how many calls are made at most to have them.</summary>
    private const int EnoughOverlaps = 1_500;
    private const int MostInStep = 60_000;

    /// <summary>How many events wait at once: around the sizes that buffers and batches have.</summary>
    private static readonly int[] _backlogs = [2, 3, 5, 8, 9, 16, 17, 50, 51, 100, 101, 128, 129, 256, 257, 500, 501, 1000, 1001, 1025];

    public static DeliveryRun<TSink, TEvent> Perform(VerificationSession<TSink, TEvent> session)
    {
        var runs = new List<(string How, DeliveryFindings Findings)>();
        string? strange = null;
        Run(runs, ref strange, "many events", Open(session, session.Settings.Events), stage => Many(session, stage));
        Run(runs, ref strange, "events logged before and during the start", new SinkStage<TSink, TEvent>(session), Early);
        Run(runs, ref strange, "events waiting while the loop was stuck", Open(session, 4_000), stage => Backlogs(session, stage));
        // A specification that logs in a way of its own may have a reason.
        bool ownWay = InferredCapabilities.OverridesLog(session.Specification.GetType());
        foreach ((string name, Action<TSink, TEvent> way) in ownWay ? [] : SinkMembers<TSink, TEvent>.AllWaysIn())
            Run(runs, ref strange, $"events logged by {name}", Open(session, 8), stage => ByWay(stage, way));
        return new DeliveryRun<TSink, TEvent>(runs, strange);
    }

    public static DeliveryRun<TSink, TEvent> PerformTogether(VerificationSession<TSink, TEvent> session)
    {
        var together = new List<(string How, DeliveryFindings Findings)>();
        string? strange = null;
        bool fast = session.Traits.PerEvent < TimeSpan.FromMilliseconds(1);
        int shared = Math.Max(ProducerCount, session.EventsFor(0.3, fast ? session.Settings.Events / 2 : 500));
        Run(together, ref strange, $"{ProducerCount} producers", Open(session, shared), stage => Together(session, stage, shared));
        if (Environment.ProcessorCount == 1)
        {
            Interrupted(session, together, ref strange);
            return new DeliveryRun<TSink, TEvent>(together, strange);
        }

        // As many as can truly log at the same moment, each time at the same moment.
        int threads = Math.Min(Environment.ProcessorCount, ProducerCount);
        Run(together, ref strange, $"{threads} producers in step", Open(session, MostInStep), stage => InStep(session, stage, threads, fast));
        return new DeliveryRun<TSink, TEvent>(together, strange);
    }

    private static void Run(List<(string How, DeliveryFindings Findings)> list, ref string? strange, string how, SinkStage<TSink, TEvent> stage, Action<SinkStage<TSink, TEvent>> log)
    {
        using (stage)
        {
            log(stage);
            if (stage.Sink.State == SinkState.Starting)
                stage.Await(stage.Sink.Start(), $"The start, with {how},");
            stage.Stop();
            strange ??= FindStrange(stage);
            list.Add((how, stage.CompareSettled(out _)));
        }
    }

    /// <summary>
    /// Logs in growing portions until there are enough or the time is up. What a portion really took decides, not an estimate: on a busy machine that would end a fast
    /// sink's run far too early.
    /// </summary>
    private static void Many(VerificationSession<TSink, TEvent> session, SinkStage<TSink, TEvent> stage)
    {
        long started = TimeProvider.System.GetTimestamp();
        int count = 0;
        for (int portion = 8; count < session.Settings.Events; portion = Math.Min(portion * 2, 1_000))
        {
            int next = Math.Min(portion, session.Settings.Events - count);
            stage.LogPatiently(next);
            stage.Flush();
            count += next;
            TimeSpan elapsed = TimeProvider.System.GetElapsedTime(started);
            if (elapsed > session.Budget * (count < EnoughForRareFaults ? 4 : 1))
                break;
            if (elapsed > session.Budget && elapsed / count > TimeSpan.FromMilliseconds(2))
                break; // slow by nature
        }
    }

    private static void Early(SinkStage<TSink, TEvent> stage)
    {
        using (stage.TryHold())
        {
            stage.Log(2); // the first starts the sink
            _ = stage.Sink.Start();
            stage.Log(3);
        }

        // Each turn of the loop takes the start a step further.
        for (int i = 0; i < 8 && stage.Sink.State == SinkState.Starting; i++)
        {
            stage.Log(1);
            stage.LetDispatchBegin();
        }
    }

    private static void Backlogs(VerificationSession<TSink, TEvent> session, SinkStage<TSink, TEvent> stage)
    {
        int most = Math.Max(session.EventsFor(0.15, _backlogs[^1]), 3);
        long started = TimeProvider.System.GetTimestamp();
        foreach (int size in _backlogs.Where(size => size <= most))
        {
            using (LoopHold? hold = stage.TryHold())
            {
                // A sink that waits in Log is named by another rule.
                if (hold is null || !Patience.TryRun(() => stage.Log(size), session.Bound(0)))
                    return;
            }

            stage.Flush();
            if (TimeProvider.System.GetElapsedTime(started) > session.Budget)
                return;
        }
    }

    private static void ByWay(SinkStage<TSink, TEvent> stage, Action<TSink, TEvent> way)
    {
        Producer<TSink, TEvent> producer = stage.AddProducer();
        for (int i = 0; i < 4; i++)
            producer.Log(way: way);
    }

    private static void Together(VerificationSession<TSink, TEvent> session, SinkStage<TSink, TEvent> stage, int count)
    {
        TimeSpan bound = session.Bound(count);
        OnThreads(stage, ProducerCount, bound + bound, (producer, _) =>
        {
            for (int i = 0; i < count / ProducerCount; i++)
                producer.LogPatiently(bound);
        });
    }

    /// <summary>In portions, since it takes many events until enough calls have been interrupted.</summary>
    private static void Interrupted(VerificationSession<TSink, TEvent> session, List<(string How, DeliveryFindings Findings)> together, ref string? strange)
    {
        var producers = new InterruptedProducers<TSink, TEvent>(session, TimeProvider.System.GetTimestamp());
        TimeSpan bound = session.Bound(MostInStep);
        do
        {
            producers.Begin();
            Run(together, ref strange, "producers that interrupt each other", Open(session, MostInStep), stage =>
            {
                OnThreads(stage, ProducerCount, bound + bound, (producer, index) => producers.Produce(producer, index, bound));
                producers.End(stage.Producers);
            });
        }
        while (producers.GoesOn && together[^1].Findings is { Lost.Count: 0, Duplicated.Count: 0, Uninvited.Count: 0, Swapped: null });
    }

    /// <summary>
    /// All producers begin each burst of calls at the same moment. What they share without a lock shows only when two calls truly overlap, which on a busy machine they
    /// seldom do; so it goes on until enough of them have, and for a while at most.
    /// </summary>
    private static void InStep(VerificationSession<TSink, TEvent> session, SinkStage<TSink, TEvent> stage, int producers, bool fast)
    {
        TimeSpan bound = session.Bound(MostInStep);
        // On an idle machine a small part of this is used.
        TimeSpan time = session.Budget * 4;
        int burst = fast ? 100 : 2;
        int rounds = fast ? MostInStep / burst / producers : 8;
        var line = new StartLine(producers);
        var bursts = new LoggedEvent<TEvent>[producers][];
        int overlaps = 0;
        bool enough = false;
        long started = TimeProvider.System.GetTimestamp();
        void Produce(Producer<TSink, TEvent> producer, int index)
        {
            for (int round = 1; round <= rounds && !enough; round++)
            {
                bursts[index] = producer.Prepare(burst);
                if (!line.MeetClosely(index, time - TimeProvider.System.GetElapsedTime(started), out bool late))
                    return;
                producer.LogPrepared(bursts[index], bound);
                if (!line.Meet())
                    return;
                if (index == 0)
                {
                    overlaps += CallOverlap.Count(bursts[0], bursts[1]);
                    enough = overlaps >= EnoughOverlaps || (late && round >= 8);
                }

                if (!line.Meet())
                    return;
            }
        }

        OnThreads(stage, producers, bound + bound, (producer, index) =>
        {
            try
            {
                Produce(producer, index);
            }
            finally
            {
                line.Open();
            }
        });
    }

    private static void OnThreads(SinkStage<TSink, TEvent> stage, int producers, TimeSpan bound, Action<Producer<TSink, TEvent>, int> work)
    {
        var errors = new Exception?[producers];
        Thread[] threads =
        [
            .. Enumerable.Range(0, producers).Select(index =>
            {
                Producer<TSink, TEvent> producer = stage.AddProducer();
                return new Thread(() =>
                {
                    try
                    {
                        work(producer, index);
                    }
                    catch (Exception error)
                    {
                        errors[index] = error;
                    }
                }) { IsBackground = true };
            }),
        ];
        Array.ForEach(threads, static thread => thread.Start());
        if (!Array.TrueForAll(threads, thread => thread.Join(bound)))
            throw stage.Hang($"Log did not return to each of {producers} producers within {bound.TotalSeconds:0.#} s.");
        if (Array.Find(errors, static error => error is not null) is { } first)
            throw first;
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
