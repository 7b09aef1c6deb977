namespace Mvx.Sink.Verification;

/// <summary>Rule K33: what a fault that passes does to a sink.</summary>
internal sealed class RecoveryChecks<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    /// <summary>More than most sinks write at once, so that the fault falls between two writes of one batch.</summary>
    private const int Burst = 50;

    private static readonly int[] _faults = [1, 1, 2, 3, 1, 2];

    private static readonly int[] _letThrough = [1, 2, 3, 4, 5];

    public string PassingFault()
    {
        bool counted = session.Can(SinkCapabilities.FailNextWrites);
        if (!counted && !session.Can(SinkCapabilities.Break))
            throw new RuleSkip("override FailNextWrites or BreakBackend to make writes fail");
        int recovered = _faults.Count(counted ? NextWritesFail : _ => IsBrokenForAMoment());
        string done = $"recovered {recovered} times of {_faults.Length}";
        return session.Can(SinkCapabilities.FailWrites) ? $"{done}, and {LaterFaults()}" : done;
    }

    private bool NextWritesFail(int faults) => Recovers(faults == 1 ? "a failing write" : $"{faults} failing writes", stage =>
    {
        stage.FailNextWrites(faults);
        stage.Log(session.EventsFor(0.05, 12));
    });

    private bool IsBrokenForAMoment() => Recovers("a backend that was broken for a moment", stage =>
    {
        stage.Break();
        stage.Log(session.EventsFor(0.05, 12));
        stage.LetDispatchBegin();
        stage.Heal();
    });

    /// <summary>What a sink has written already when a write fails, it may write again.</summary>
    private string LaterFaults()
    {
        long started = TimeProvider.System.GetTimestamp();
        FailsWhileItCatchesUp();
        int done = 0;
        int recovered = 0;
        foreach (int after in _letThrough)
        {
            done++;
            recovered += AWriteAmongOthersFails(after) ? 1 : 0;
            if (TimeProvider.System.GetElapsedTime(started) > session.Budget)
                break;
        }

        return $"{recovered} times of {done} where a write among others failed";
    }

    private bool AWriteAmongOthersFails(int after) => Recovers($"a failing write after {after} that succeeded", stage =>
    {
        using LoopHold? hold = stage.TryHold();
        stage.Log(session.EventsFor(0.05, Burst));
        stage.FailWrites(after, 1);
    });

    /// <summary>A sink that keeps what it could not write, to write it later, may fail in the middle of that too.</summary>
    private void FailsWhileItCatchesUp() => Recovers("failing writes, and one more while the sink was catching up,", stage =>
    {
        stage.FailWrites(0, 3);
        stage.Log(3);
        AwaitRest(stage, "failing writes");
        stage.FailWrites(1, 1);
        stage.Log(3);
    });

    /// <summary>Whether the sink works on after the fault. If it does, all must be as if there had been none.</summary>
    private bool Recovers(string fault, Action<SinkStage<TSink, TEvent>> cause)
    {
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        stage.LogPatiently(2);
        stage.Flush();
        cause(stage);
        AwaitRest(stage, fault);
        bool survived = Survives(stage, fault);
        if (survived && session.Can(SinkCapabilities.Restart))
            Restarts(stage, fault);
        return survived;
    }

    private void AwaitRest(SinkStage<TSink, TEvent> stage, string fault)
    {
        TimeSpan bound = session.Bound(Burst);
        if (!Patience.Until(() => stage.Sink.State != SinkState.Running || stage.Sink.Ledger.Pending == 0, bound))
            throw new RuleViolation($"After {fault} {stage.Sink.Ledger.Pending} events were still waiting {bound.TotalSeconds:0.#} s later; the state is {stage.Sink.State}.");
    }

    private bool Survives(SinkStage<TSink, TEvent> stage, string fault)
    {
        SinkOperationResult? stop = stage.Sink.State == SinkState.Running ? stage.Await(stage.Sink.Stop(), $"Stop after {fault}") : null;
        stage.WaitForTerminal(stage.Sink.State == SinkState.Stopped ? TimeSpan.Zero : session.Bound(Burst));
        bool survived = stage.Sink.State == SinkState.Stopped;
        DeliveryFindings findings = survived ? stage.CompareSettled(out _) : stage.Compare();
        if (Wrong(findings, survived) is { } wrong)
            throw new RuleViolation($"After {fault} the sink is {stage.Sink.State}, and {wrong}");
        if (!survived && stop is { Success: true })
            throw new RuleViolation($"After {fault} Stop reported success, but the state is {stage.Sink.State}.");
        return survived;
    }

    /// <summary>What is remembered of the fault must not come up again in the next life.</summary>
    private void Restarts(SinkStage<TSink, TEvent> stage, string fault)
    {
        stage.Heal();
        SinkOperationResult start = stage.Await(stage.Sink.Start(), $"Start, after {fault} and a stop,");
        if (!start.Success)
            throw new RuleViolation($"After {fault} and a stop, Start failed; the state is {stage.Sink.State}: {SinkStage<TSink, TEvent>.Describe(start.Error)}");
        stage.LogPatiently(3);
        SinkOperationResult stop = stage.Await(stage.Sink.Stop(), $"Stop, after {fault} and a restart,");
        if (!stop.Success)
            throw new RuleViolation($"After {fault} and a restart, Stop failed; the state is {stage.Sink.State}: {SinkStage<TSink, TEvent>.Describe(stop.Error)}");
        if (Wrong(stage.CompareSettled(out _), survived: true) is { } wrong)
            throw new RuleViolation($"After {fault} and a restart, {wrong}");
    }

    private string? Wrong(DeliveryFindings findings, bool survived) =>
        (session.Can(SinkCapabilities.MayDuplicate) ? null : findings.DescribeDuplicated)
            ?? (survived ? findings.DescribeLost : null)
            ?? findings.DescribeUninvited
            ?? (session.Can(SinkCapabilities.Ordered) ? findings.DescribeSwapped : null)
            ?? findings.DescribeChanged;
}
