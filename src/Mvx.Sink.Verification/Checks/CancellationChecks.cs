namespace Mvx.Sink.Verification;

/// <summary>Rules K50 and K51: a backend that is stuck.</summary>
internal sealed class CancellationChecks<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    public string IsHonoured()
    {
        bool stalls = session.Can(SinkCapabilities.Stall);
        string how = stalls ? "while the backend was stuck" : "with events waiting";
        var stage = new SinkStage<TSink, TEvent>(session);
        try
        {
            stage.Start();
            if (stalls)
                stage.Stall();
            stage.Log(stalls ? 3 : session.EventsFor(0.2, 64));
            stage.LetDispatchBegin();
            TimeSpan bound = session.Settings.CancellationTimeout + (session.Traits.PerEvent * 4) + (session.Traits.Cycle * 4);
            long started = TimeProvider.System.GetTimestamp();
            if (!Patience.TryRun(stage.Loop.Dispose, bound))
                throw new RuleViolation($"The loop was torn down {how}, but the sink did not end within {bound.TotalSeconds:0.#} s; the state is {stage.Sink.State}. Something does not look at its cancellation token.");
            if (!Patience.Until(() => stage.Sink.State is not (SinkState.Running or SinkState.Starting or SinkState.Stopping) && stage.Sink.Ledger.Pending == 0, bound))
                throw new RuleViolation($"The loop was torn down {how} and has ended; the state is {stage.Sink.State}, the ledger: {stage.Sink.Ledger}.");
            return $"ended in {TimeProvider.System.GetElapsedTime(started).TotalMilliseconds:0} ms, {how}";
        }
        finally
        {
            stage.Dispose();
        }
    }

    public string StuckOnlyDelays()
    {
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        stage.Stall();
        int events = session.EventsFor(0.1, 20);
        stage.Log(events);
        stage.LetDispatchBegin();
        SinkWaitHandle stop = stage.Sink.Stop();
        Patience.Pass(TimeSpan.FromMilliseconds(30));
        stage.Heal();
        SinkOperationResult result = stage.Await(stop, "Stop, after the backend had recovered,");
        if (!result.Success && stage.Sink.State != SinkState.Failure)
            throw new RuleViolation($"Stop failed with {SinkStage<TSink, TEvent>.Describe(result.Error)}, but the state is {stage.Sink.State}.");
        if (result.Success && session.Can(SinkCapabilities.ReadBack))
        {
            DeliveryFindings findings = stage.CompareSettled(out _);
            if ((findings.DescribeLost ?? (session.Can(SinkCapabilities.MayDuplicate) ? null : findings.DescribeDuplicated)) is { } fault)
                throw new RuleViolation($"The backend was stuck for a moment and recovered; {fault}");
        }

        return result.Success ? $"{events} events arrived after the delay" : "the sink reports the delay as a failure";
    }
}
