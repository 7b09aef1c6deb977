namespace Mvx.Sink.Verification;

/// <summary>Rules K50 and K51: a backend that is stuck.</summary>
internal sealed class CancellationChecks<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(60);

    private static readonly TimeSpan _shortly = TimeSpan.FromMilliseconds(30);

    /// <summary>A sink with a timeout for its writes has most often one of a second or less; what it does then shows after it only.</summary>
    private static readonly TimeSpan _longerThanTimeouts = TimeSpan.FromMilliseconds(1100);

    /// <summary>A loop that is disposed gives its sinks up after ten seconds; who waits longer than this would take that for an end of their own.</summary>
    private static readonly TimeSpan _mostPatience = TimeSpan.FromSeconds(8);

    public string IsHonoured()
    {
        bool stalls = session.Can(SinkCapabilities.Stall);
        string how = stalls ? "while the backend was stuck" : "with events waiting";
        bool awaits = stalls && session.AwaitsBackend;
        var stage = new SinkStage<TSink, TEvent>(session);
        try
        {
            stage.Start();
            if (stalls)
                stage.Stall();
            stage.Log(stalls ? 3 : session.EventsFor(0.2, 64));
            stage.LetDispatchBegin();
            TimeSpan time = TearDown(stage, how);
            // What is still stuck has not been written, so a dispatch that came back all the same was no delivery.
            if (awaits && session.Can(SinkCapabilities.ReadBack) && stage.Compare().Received is var received && received < stage.Sink.Ledger.Delivered)
                throw new RuleViolation($"The loop was torn down {how}; {stage.Sink.Ledger.Delivered} events count as delivered, but {received} are in the backend: a dispatch swallows its cancellation.");
            if (!stalls)
            {
                BrokenRetry();
                return $"ended in {time.TotalMilliseconds:0} ms, {how}";
            }
        }
        finally
        {
            stage.Dispose();
        }

        BrokenRetry();
        return $"ended in {TimeSpan.FromTicks(Math.Max(StuckStart().Ticks, StuckStop().Ticks)).TotalMilliseconds:0} ms, {how}, starting and stopping too";
    }

    private TimeSpan StuckStart()
    {
        using var stage = new SinkStage<TSink, TEvent>(session);
        try
        {
            stage.Stall();
        }
        catch (Exception)
        {
            return TimeSpan.Zero; // the specification can stall a started sink only
        }

        SinkWaitHandle start = stage.Sink.Start();
        // A start that does not touch the backend is over at once.
        return start.Wait((_moment * session.Stretch) + (session.Traits.Cycle * 2), out _) ? TimeSpan.Zero : TearDown(stage, "while a start waited for the backend");
    }

    private TimeSpan StuckStop()
    {
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        stage.LogPatiently(1);
        stage.Flush();
        stage.Stall();
        stage.Log(1);
        stage.LetDispatchBegin();
        SinkWaitHandle stop = stage.Sink.Stop();
        return stop.Wait((_moment * session.Stretch) + (session.Traits.Cycle * 2), out _) ? TimeSpan.Zero : TearDown(stage, "while a stop waited for the backend");
    }

    /// <summary>A sink that tries again and again may wait in between without looking at its token.</summary>
    private void BrokenRetry()
    {
        if (!session.Can(SinkCapabilities.Break))
            return;
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        stage.Break();
        stage.Log(1);
        stage.LetDispatchBegin();
        if (!Patience.Until(() => stage.Sink.State != SinkState.Running || stage.Sink.Ledger.Pending == 0, (_moment * session.Stretch) + session.Traits.PerEvent))
            TearDown(stage, "while the sink was trying to write to its broken backend");
    }

    private TimeSpan TearDown(SinkStage<TSink, TEvent> stage, string how)
    {
        TimeSpan deserved = (session.Settings.CancellationTimeout * session.Stretch) + (session.Traits.PerEvent * 4) + (session.Traits.Cycle * 4);
        TimeSpan bound = deserved < _mostPatience ? deserved : _mostPatience;
        long started = TimeProvider.System.GetTimestamp();
        if (!Patience.TryRun(stage.Loop.Dispose, bound))
            throw stage.Hang($"The loop was torn down {how}, but the sink did not end within {bound.TotalSeconds:0.#} s; the state is {stage.Sink.State}. Something does not look at its cancellation token.");
        if (!Patience.Until(() => stage.Sink.State is not (SinkState.Running or SinkState.Starting or SinkState.Stopping) && stage.Sink.Ledger.Pending == 0, bound))
            throw stage.Hang($"The loop was torn down {how} and has ended; the state is {stage.Sink.State}, the ledger: {stage.Sink.Ledger}.");
        return TimeProvider.System.GetElapsedTime(started);
    }

    public string StuckOnlyDelays()
    {
        string done = StuckFor(_shortly);
        StuckFor(_longerThanTimeouts);
        return done;
    }

    private string StuckFor(TimeSpan time)
    {
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        stage.Stall();
        int events = session.EventsFor(0.1, 20);
        stage.Log(events);
        stage.LetDispatchBegin();
        SinkWaitHandle stop = stage.Sink.Stop();
        Patience.Pass(time);
        stage.Heal();
        SinkOperationResult result = stage.Await(stop, "Stop, after the backend had recovered,");
        if (!result.Success && stage.Sink.State != SinkState.Failure)
            throw new RuleViolation($"Stop failed with {SinkStage<TSink, TEvent>.Describe(result.Error)}, but the state is {stage.Sink.State}.");
        if (result.Success && session.Can(SinkCapabilities.ReadBack))
        {
            DeliveryFindings findings = stage.CompareSettled(out _);
            if ((findings.DescribeLost ?? (session.Can(SinkCapabilities.MayDuplicate) ? null : findings.DescribeDuplicated)) is { } fault)
                throw new RuleViolation($"The backend was stuck for {time.TotalSeconds:0.##} s and recovered; {fault}");
        }

        return result.Success ? $"{events} events arrived after the delay" : "the sink reports the delay as a failure";
    }
}
