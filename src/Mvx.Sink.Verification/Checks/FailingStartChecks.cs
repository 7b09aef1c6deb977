namespace Mvx.Sink.Verification;

/// <summary>Rules K34 and K35: a start that cannot succeed.</summary>
internal sealed class FailingStartChecks<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    public string IsFailure()
    {
        DemandCapability();
        using SinkStage<TSink, TEvent> stage = FailToStart(out SinkOperationResult result);
        if (result.Success)
        {
            if (!session.Can(SinkCapabilities.FailingStart))
                throw new RuleSkip("the sink starts on a broken backend; override CreateSinkThatCannotStart if there is a start that fails");
            throw new RuleViolation($"A sink that cannot start started; the state is {stage.Sink.State}.");
        }

        if (stage.Sink.State != SinkState.Failure || result.Error is not OnStartingHookFailedException || !ReferenceEquals(stage.Sink.LastError, result.Error))
            throw new RuleViolation($"The start failed with {SinkStage<TSink, TEvent>.Describe(result.Error)}, the state is {stage.Sink.State}, LastError is {SinkStage<TSink, TEvent>.Describe(stage.Sink.LastError)}.");
        return $"failed with {result.Error.InnerException?.GetType().Name}";
    }

    public string LeavesNothing()
    {
        DemandCapability();
        using (FailToStart(out SinkOperationResult result))
        {
            if (result.Success)
                throw new RuleSkip("no start fails: see K34");
        }

        LeakFinding? leak = LeakSearch.Find(
            session.CyclesFor(0.5, session.Settings.Cycles),
            () => FailToStart(out _).Dispose(),
            session.Settings.SettleTime,
            session.Specification.CountOpenInBackend);
        if (leak is not null)
            throw new RuleViolation($"Failing starts leave something behind: {leak.Description}");
        // The backend is not reset in between: what the failed starts left there is the point.
        using var healthy = new SinkStage<TSink, TEvent>(session, reset: false);
        healthy.Start();
        healthy.LogPatiently(2);
        healthy.Stop();
        if (session.Can(SinkCapabilities.ReadBack) && healthy.CompareSettled(out _).DescribeLost is { } lost)
            throw new RuleViolation($"A healthy sink after the failing starts: {lost}");
        return $"{session.Settings.Cycles} failing starts";
    }

    private void DemandCapability()
    {
        if (!session.Can(SinkCapabilities.FailingStart) && !session.Can(SinkCapabilities.Break))
            throw new RuleSkip("override CreateSinkThatCannotStart (or BreakBackend) to make a start fail");
    }

    private SinkStage<TSink, TEvent> FailToStart(out SinkOperationResult result)
    {
        bool own = session.Can(SinkCapabilities.FailingStart);
        var stage = new SinkStage<TSink, TEvent>(session, create: own ? session.Specification.CreateSinkThatCannotStart : null);
        try
        {
            if (!own)
                stage.Break();
            result = stage.Await(stage.Sink.Start(), "A start that cannot succeed");
            return stage;
        }
        catch
        {
            stage.Dispose();
            throw;
        }
    }
}
