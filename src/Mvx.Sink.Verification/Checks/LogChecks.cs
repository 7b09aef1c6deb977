namespace Mvx.Sink.Verification;

/// <summary>Rules K20 to K23: what callers of Log may rely on.</summary>
internal sealed class LogChecks<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    private const int Calls = 25;
    private const string FullQueue = "the queue is full and the loop is stuck";

    public string DoesNotWait()
    {
        (string Name, Action<TSink, TEvent> Log)[] ways = [.. WaysIn(), .. SinkMembers<TSink, TEvent>.OtherWaysIn()];
        foreach ((string name, Action<TSink, TEvent> way) in ways)
        {
            WhileHeld(name, way, "the sink is new and its loop is stuck", limit: null, static _ => { });
            WhileHeld(name, way, "the start is stuck", limit: null, static sink => _ = sink.Start());
            using var stage = new SinkStage<TSink, TEvent>(session);
            stage.Start();
            using (Hold(stage))
                Time(stage, name, way, "the loop is stuck");

            if (!session.Can(SinkCapabilities.Stall))
                continue;
            stage.Flush();
            stage.Stall();
            stage.Log(1);
            stage.LetDispatchBegin();
            Time(stage, name, way, "the backend is stuck");
        }

        if (session.Can(SinkCapabilities.WaitsForRoom))
            return $"{ways.Length} ways in, {Calls} calls each, but none with a full queue, for which the sink waits";
        // Harmless where the sink has a limit of its own.
        foreach ((string name, Action<TSink, TEvent> way) in WaysIn())
            WhileHeld(name, way, FullQueue, limit: 2, static sink => _ = sink.Start());

        return $"{ways.Length} ways in, {Calls} calls each";
    }

    private void WhileHeld(string name, Action<TSink, TEvent> way, string condition, int? limit, Action<TSink> prepare)
    {
        using var stage = new SinkStage<TSink, TEvent>(session, session.Options(limit));
        using LoopHold hold = Hold(stage);
        prepare(stage.Sink);
        Time(stage, name, way, condition);
    }

    private static LoopHold Hold(SinkStage<TSink, TEvent> stage) =>
        stage.TryHold() ?? throw new RuleViolation("The sink's loop was busy for so long that it could not be tried: does the sink block it while idle?");

    public string RefusesHonestly()
    {
        foreach ((string name, Action<TSink, TEvent> way) in WaysIn())
        {
            using var stage = new SinkStage<TSink, TEvent>(session);
            stage.Start();
            stage.LogPatiently(1);
            stage.Stop();
            LoggedEvent<TEvent>? logged = null;
            long offered = stage.Sink.Ledger.Accepted;
            Producer<TSink, TEvent> producer = stage.AddProducer();
            if (!Patience.TryRun(() => logged = producer.Log(way: way), session.Bound(0)))
                throw new RuleViolation($"{name} did not return while the sink was Stopped.");
            bool tells = name.Contains("TryLog", StringComparison.Ordinal);
            bool refused = tells ? logged!.Strange is null && stage.Sink.Ledger.Accepted == offered : logged!.Outcome == LogOutcome.InvalidState;
            if (!refused && !ArrivesNextTime(stage, producer))
            {
                throw new RuleViolation($"{name}, while the sink was Stopped, "
                    + (logged.Strange is { } error ? $"threw {error.GetType().Name}: {error.Message}" : "returned as if the event were accepted")
                    + (tells ? "; InvalidState was expected." : "; InvalidSinkStateException was expected."));
            }

            if (!typeof(TEvent).IsValueType && session.Traits.LogIsDirect)
                DemandNullRefused(stage, name, way);
            if (!tells && refused && ArrivesNextTime(stage, producer, always: true))
                throw new RuleViolation($"{name} refused an event while the sink was Stopped, but after a restart the event is in the backend.");
        }

        return "refused while Stopped, and null";
    }

    public string LimitIsExact()
    {
        if (!session.Traits.TakesLimit)
            throw new RuleSkip("the sink does not take the kit's options (or gathers events before its queue), so its limit is not known");
        foreach (int limit in new[] { 1, 2, 8 })
        {
            using var stage = new SinkStage<TSink, TEvent>(session, session.Options(limit));
            stage.Start();
            using LoopHold? hold = stage.TryHold();
            var thrown = new Thrown();
            Thread[] threads =
            [
                .. Enumerable.Range(0, 4).Select(_ =>
                {
                    Producer<TSink, TEvent> producer = stage.AddProducer();
                    return new Thread(() => thrown.Run(() =>
                    {
                        for (int i = 0; i < 20; i++)
                            producer.Log();
                    })) { IsBackground = true };
                }),
            ];
            Array.ForEach(threads, static thread => thread.Start());
            if (!Array.TrueForAll(threads, thread => thread.Join(session.Bound(0))))
                throw stage.Hang("Log did not return while the loop was stuck.");
            thrown.Throw();
            if (stage.Producers.SelectMany(static producer => producer.Events).FirstOrDefault(static logged => logged.Strange is not null) is { } strange)
                throw new RuleViolation($"With QueueMaxSize {limit} and a stuck loop, Log threw {strange.Strange!.GetType().Name}: {strange.Strange.Message} QueueOverflowException was expected.");
            int accepted = stage.Producers.Sum(static producer => producer.Events.Count(static logged => logged.IsAccepted));
            if (accepted != limit)
                throw new RuleViolation($"With QueueMaxSize {limit} and a stuck loop, {accepted} of 80 events were accepted.");
        }

        return "limits 1, 2 and 8, four threads";
    }

    public string BooksBalance()
    {
        int count = session.EventsFor(0.2, Math.Min(5_000, session.Settings.Events));
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        SinkLedger earlier = stage.Sink.Ledger;
        Producer<TSink, TEvent> producer = stage.AddProducer();
        var thrown = new Thrown();
        var thread = new Thread(() => thrown.Run(() =>
        {
            for (int i = 0; i < count; i++)
                producer.LogPatiently(session.Bound(count));
        }))
        { IsBackground = true };
        thread.Start();
        do
        {
            SinkLedger now = stage.Sink.Ledger;
            if (!Invariants.LedgerHolds(now, long.MaxValue) || !Invariants.LedgerGrows(earlier, now))
                throw new RuleViolation($"The ledger was {earlier} and then {now}.");
            earlier = now;
        }
        while (!thread.Join(0));

        thrown.Throw();
        stage.Stop();
        SinkLedger last = stage.Sink.Ledger;
        if (last.Pending != 0 || !Invariants.LedgerHolds(last, long.MaxValue))
            throw new RuleViolation($"At rest the ledger is {last}.");
        int accepted = producer.Events.Count(static logged => logged.IsAccepted);
        if (session.Traits.LogIsDirect && last.Accepted + last.Dropped != accepted)
            throw new RuleViolation($"Log accepted {accepted} events, the ledger says {last}.");
        if (last.Failed + last.Undelivered > 0)
            throw new RuleViolation($"The backend is healthy and the sink has stopped, but the ledger says {last}.");
        FullBooks();
        return $"{count} events, and a full queue";
    }

    /// <summary>What is let go in silence only when the queue fills up is in no books.</summary>
    private void FullBooks()
    {
        int most = SinkOptions.DefaultQueueMaxSize + 1;
        if (!session.Traits.LogIsDirect || session.Traits.PerEvent * most > session.Budget * 2)
            return;
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        Producer<TSink, TEvent> producer = stage.AddProducer();
        using LoopHold? hold = stage.TryHold();
        void Fill()
        {
            while (producer.Events.Count < most && producer.Log().IsAccepted)
                continue;
        }

        // A sink that waits in Log is named by another rule.
        if (hold is null || !Patience.TryRun(Fill, session.Bound(0)))
            return;
        SinkLedger ledger = stage.Sink.Ledger;
        if (ledger.Offered < producer.Events.Count)
            throw new RuleViolation($"While the loop was stuck, Log was called {producer.Events.Count} times, but the ledger knows of {ledger.Offered} events only: the others were neither accepted nor refused nor counted as dropped.");
    }

    private IEnumerable<(string Name, Action<TSink, TEvent> Log)> WaysIn()
    {
        yield return ("Log", session.Specification.Log);
        foreach ((string name, Action<TSink, TEvent> way) in SinkMembers<TSink, TEvent>.AllWaysIn())
            yield return (name, way);
    }

    private void Time(SinkStage<TSink, TEvent> stage, string name, Action<TSink, TEvent> way, string condition)
    {
        Producer<TSink, TEvent> producer = stage.AddProducer();
        bool returned = Patience.TryRun(
            () =>
            {
                for (int i = 0; i < Calls; i++)
                    producer.Log(way: way);
            },
            TimeSpan.FromTicks(Math.Min(session.Settings.OperationTimeout.Ticks, (session.Settings.LogBound * Calls * 8 * session.Stretch).Ticks)));
        if (!returned)
            throw stage.Hang($"{name} did not return while {condition}: call number {producer.Events.Count} waits."
                + (condition == FullQueue ? " If the sink chose QueueOverflowPolicy.Wait on purpose, declare WaitsForRoom." : ""));
        TimeSpan[] times = [.. producer.Events.Select(static logged => TimeProvider.System.GetElapsedTime(logged.Invoked, logged.Returned)).Order()];
        TimeSpan median = times[times.Length / 2];
        if (median > session.Settings.LogBound * session.Stretch)
            throw new RuleViolation($"{name} took {median.TotalMilliseconds:0.#} ms (the median of {Calls} calls) while {condition}; the bound is {session.Settings.LogBound.TotalMilliseconds:0.#} ms.");
    }

    /// <summary>A sink that gathers events in front of its queue may keep one for its next start, if it really delivers it then.</summary>
    private bool ArrivesNextTime(SinkStage<TSink, TEvent> stage, Producer<TSink, TEvent> producer, bool always = false)
    {
        if ((session.Traits.LogIsDirect && !always) || !session.Can(SinkCapabilities.Restart | SinkCapabilities.ReadBack))
            return false;
        stage.Start();
        stage.Stop();
        return stage.ReadBack().Any(received => received.Id.Producer == producer.Id);
    }

    private static void DemandNullRefused(SinkStage<TSink, TEvent> stage, string name, Action<TSink, TEvent> way)
    {
        try
        {
            way(stage.Sink, default!);
        }
        catch (ArgumentNullException)
        {
            return;
        }
        catch (Exception error)
        {
            throw new RuleViolation($"{name}(null) threw {error.GetType().Name}: {error.Message}; ArgumentNullException was expected.");
        }

        throw new RuleViolation($"{name}(null) returned; ArgumentNullException was expected.");
    }
}
