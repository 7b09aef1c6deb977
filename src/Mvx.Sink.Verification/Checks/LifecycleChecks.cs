namespace Mvx.Sink.Verification;

/// <summary>Rules K01 to K06: starting, stopping, starting again.</summary>
internal sealed class LifecycleChecks<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    /// <summary>A stop that does not wait for its writes is over by then.</summary>
    private static readonly TimeSpan _stuckStop = TimeSpan.FromMilliseconds(150);

    /// <summary>What was left behind is written by then.</summary>
    private static readonly TimeSpan _late = TimeSpan.FromSeconds(1);

    /// <summary>So long a stop is waited for while the thread pool is held, time after time.</summary>
    private static readonly TimeSpan[] _heldStops = [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(400)];

    private static readonly int[] _burstSizes = [1, 0, 2, 3, 7, 10, 33, 100, 5, 4, 6, 8, 9, 11, 15, 16, 17, 31, 32, 63, 64, 65, 99, 101, 127, 128, 129, 250, 255, 256, 500, 512, 999, 1000, 1001];

    public string Starts()
    {
        using var stage = new SinkStage<TSink, TEvent>(session);
        if (stage.Sink.State != SinkState.Virgin)
            throw new RuleViolation($"CreateSink returned a sink that is {stage.Sink.State}, not Virgin.");
        stage.Start();
        if (stage.Sink.State != SinkState.Running)
            throw new RuleViolation($"Start succeeded, but the state is {stage.Sink.State}, not Running. LastError: {SinkStage<TSink, TEvent>.Describe(stage.Sink.LastError)}");
        return "started";
    }

    public string StopCompletes()
    {
        foreach (int events in new[] { 0, 1, session.EventsFor(0.1, 50) })
        {
            using var stage = new SinkStage<TSink, TEvent>(session);
            stage.Start();
            stage.LogPatiently(events);
            SinkWaitHandle first = stage.Sink.Stop();
            SinkWaitHandle second = stage.Sink.Stop();
            SinkOperationResult one = stage.Await(first, $"Stop, asked for after {events} events,");
            stage.Await(second, "Stop, asked for twice,");
            if (!one.Success)
                throw new RuleViolation($"Stop after {events} events failed although the backend is healthy: {SinkStage<TSink, TEvent>.Describe(one.Error)}");
            if (stage.Sink.State != SinkState.Stopped)
                throw new RuleViolation($"Stop after {events} events succeeded, but the state is {stage.Sink.State}, not Stopped.");
        }

        return "stopped idle, after one event and after a burst";
    }

    public string StopFlushes()
    {
        long started = TimeProvider.System.GetTimestamp();
        int done = 0;
        int most = session.EventsFor(0.5, 1001);
        foreach (int events in _burstSizes.Where(size => size <= Math.Max(most, 3)))
        {
            using var stage = new SinkStage<TSink, TEvent>(session);
            stage.Start();
            stage.LogPatiently(events);
            stage.Stop();
            DeliveryFindings findings = stage.CompareSettled(out bool late);
            if (late || findings.Lost.Count > 0)
            {
                throw new RuleViolation($"After {events} events and a completed stop "
                    + (findings.DescribeLost ?? "some events were missing from the backend and came later."));
            }

            done++;
            if (TimeProvider.System.GetElapsedTime(started) > session.Budget)
                break;
        }

        if (SinkMembers<TSink, TEvent>.Dispose is { } dispose)
            DisposeFlushes(dispose);
        return $"{done} burst sizes";
    }

    private void DisposeFlushes(Func<TSink, ValueTask> dispose)
    {
        int events = session.EventsFor(0.1, 20);
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        stage.LogPatiently(events);
        TimeSpan bound = session.Bound(events);
        if (!Patience.TryRun(() => dispose(stage.Sink).AsTask().GetAwaiter().GetResult(), bound))
            throw stage.Hang($"DisposeAsync of a running sink did not complete within {bound.TotalSeconds:0.#} s.");
        if (stage.Compare().DescribeLost is { } lost)
            throw new RuleViolation($"After {events} events and a completed DisposeAsync of the running sink, {lost}");
    }

    public string NothingArrivesLate()
    {
        var stages = new List<(SinkStage<TSink, TEvent> Stage, int Received)>();
        try
        {
            foreach (int events in new[] { 1, 5, session.EventsFor(0.1, 40) })
            {
                var stage = new SinkStage<TSink, TEvent>(session);
                stages.Add((stage, 0));
                stage.Start();
                stage.LogPatiently(events);
                stage.Stop();
                stages[^1] = (stage, Received(stage));
            }

            Patience.Pass(session.Settings.SettleTime);
            foreach ((SinkStage<TSink, TEvent> stage, int received) in stages)
            {
                int now = Received(stage);
                if (now > received)
                    throw new RuleViolation($"When Stop had completed, {received} of {stage.Sink.Ledger.Accepted} events were in the backend; {session.Settings.SettleTime.TotalSeconds:0.#} s later there were {now}.");
            }
        }
        finally
        {
            stages.ForEach(static entry => entry.Stage.Dispose());
        }

        // A busy machine may need longer than the first; a sink that waits for the pool would need for ever.
        bool said = Array.Exists(_heldStops, TryStopWhileThePoolIsHeld);
        if (session.Can(SinkCapabilities.Stall))
        {
            // One alone comes first to a sink that holds an event back.
            StopWaitsForTheBackend(1);
            StopWaitsForTheBackend(session.EventsFor(0.1, 3));
        }

        return $"watched for {session.Settings.SettleTime.TotalSeconds:0.#} s, {(said ? "also after a stop while the thread pool was held" : "but no stop ended while the thread pool was held")}";
    }

    /// <summary>
    /// A stop that is over while nothing queued to the thread pool can run has left there what was not written. False: it says nothing, because the stop did not come to
    /// its end, or the pool did not stay held.
    /// </summary>
    private bool TryStopWhileThePoolIsHeld(TimeSpan patience)
    {
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        int events = session.EventsFor(0.1, 3);
        TimeSpan time = (patience * session.Stretch) + (session.Traits.Cycle * 2) + (session.Traits.PerEvent * events * 2);
        int received;
        using (var hold = new PoolHold(time * 2))
        {
            stage.Log(events);
            SinkWaitHandle stop = stage.Sink.Stop();
            if (!stop.Wait(time, out SinkOperationResult result) || !result.Success)
            {
                hold.Dispose();
                stage.Await(stop, "Stop, while the thread pool was busy,");
                return false;
            }

            received = Received(stage);
            if (!hold.Holds || received >= stage.Sink.Ledger.Accepted)
                return hold.Holds;
        }

        if (MoreComes(stage, received))
            throw new RuleViolation($"Stop completed while the thread pool was busy, with {received} of {events} events in the backend; when the pool was free, more of them arrived. Some work on the pool is not awaited.");
        return true;
    }

    /// <summary>On a fast backend a write that nobody awaits is over in time by luck; not on one that is stuck.</summary>
    private void StopWaitsForTheBackend(int events)
    {
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        stage.Stall();
        stage.Log(events);
        stage.LetDispatchBegin();
        SinkWaitHandle stop = stage.Sink.Stop();
        // Not before the loop has had some turns: on a busy machine they take longer than the time that is enough elsewhere.
        stage.LetDispatchBegin();
        bool stopped = stop.Wait(_stuckStop * session.Stretch, out SinkOperationResult result) && result.Success;
        int received = stopped ? Received(stage) : 0;
        stage.Heal();
        if (!stopped)
        {
            stage.Await(stop, "Stop, after the backend had recovered,");
            return;
        }

        if (MoreComes(stage, received))
            throw new RuleViolation($"Stop completed while the backend was stuck, with {received} of {events} events in it; when the backend recovered, more of them arrived. Some write is not awaited.");
    }

    private bool MoreComes(SinkStage<TSink, TEvent> stage, int received) =>
        Patience.Until(
            () => Received(stage) > received,
            (session.Settings.SettleTime > _late ? session.Settings.SettleTime : _late) * session.Stretch);

    public string Restarts()
    {
        int cycles = session.CyclesFor(0.5, 6, events: 3);
        using var stage = new SinkStage<TSink, TEvent>(session);
        for (int cycle = 1; cycle <= cycles; cycle++)
        {
            SinkOperationResult start = stage.Await(stage.Sink.Start(), $"Start number {cycle}");
            if (!start.Success || stage.Sink.State != SinkState.Running)
                throw new RuleViolation($"Start number {cycle} failed; the state is {stage.Sink.State}: {SinkStage<TSink, TEvent>.Describe(start.Error ?? stage.Sink.LastError)}");
            stage.LogPatiently(3);
            SinkOperationResult stop = stage.Await(stage.Sink.Stop(), $"Stop number {cycle}");
            if (!stop.Success)
                throw new RuleViolation($"Stop number {cycle} failed; the state is {stage.Sink.State}: {SinkStage<TSink, TEvent>.Describe(stop.Error)}");
            if (!session.Can(SinkCapabilities.ReadBack))
                continue;
            DeliveryFindings findings = stage.CompareSettled(out _);
            if ((findings.DescribeLost ?? (session.Can(SinkCapabilities.MayDuplicate) ? null : findings.DescribeDuplicated) ?? findings.DescribeChanged) is { } fault)
                throw new RuleViolation($"After {cycle} cycles of start, three events and stop: {fault}");
        }

        return $"{cycles} cycles";
    }

    public string OrderAcrossRestarts()
    {
        int cycles = session.CyclesFor(0.5, 8, events: 7);
        using var stage = new SinkStage<TSink, TEvent>(session);
        for (int cycle = 1; cycle <= cycles; cycle++)
        {
            stage.Start();
            stage.LogPatiently(1 + (cycle * 3 % 7));
            stage.Stop();
        }

        DeliveryFindings findings = stage.Compare();
        if ((findings.DescribeSwapped ?? findings.DescribeDuplicated ?? findings.DescribeChanged) is { } fault)
            throw new RuleViolation($"Over {cycles} cycles: {fault}");
        return $"{cycles} cycles";
    }

    private static int Received(SinkStage<TSink, TEvent> stage)
    {
        DeliveryFindings findings = stage.Compare();
        return findings.Received + findings.Duplicated.Count;
    }
}
