namespace Mvx.Sink.Verification;

/// <summary>What a lane needs of the sink it works on; on a real loop or on a manual one.</summary>
internal abstract class ProgramRun<TSink, TEvent>(VerificationSession<TSink, TEvent> session, SinkProgram program)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    private long _ticks;

    public SinkProgram Program => program;

    public abstract TSink Sink { get; }

    protected VerificationSession<TSink, TEvent> Session => session;

    /// <summary>Whether the backend was broken at some time.</summary>
    public bool WasBroken { get; private set; }

    /// <summary>One clock for all lanes whose ticks are all different: what comes first has the smaller one.</summary>
    public long Tick() => Interlocked.Increment(ref _ticks);

    public abstract SinkOperationResult Await(SinkWaitHandle handle);

    public abstract void Await(Task task, string what);

    public abstract void Step(int turns);

    public abstract void Advance(int milliseconds);

    public void Break()
    {
        WasBroken = true;
        session.Specification.BreakBackend(Sink);
    }

    public void Heal() => session.Specification.HealBackend(Sink);

    /// <summary>Explains the history by the model, then compares what arrived with what was accepted.</summary>
    protected ProgramOutcome Judge(IReadOnlyList<ProgramLane<TSink, TEvent>> lanes, IReadOnlyList<Producer<TSink, TEvent>> producers, string? fault)
    {
        HistoryOp[] ops = [.. lanes.SelectMany(static lane => lane.Ops).OrderBy(static op => op.Invoked)];
        string[] history = [.. ops.Select(static op => op.ToString())];
        if (fault is null)
        {
            // Without the kit's limit in force it is not known which events the sink takes.
            bool direct = session.Traits is { LogIsDirect: true, TakesLimit: true };
            long limit = program.QueueMaxSize ?? (session.Traits.TakesLimit ? SinkOptions.DefaultQueueMaxSize : long.MaxValue);
            var checker = new HistoryChecker(ops, limit, program.OverflowPolicy, direct);
            if (!checker.Explains())
                fault = $"No order of the model's steps explains what was observed; the first it cannot explain: {checker.Unexplained[0].ToString().Trim()}.";
        }

        return new ProgramOutcome(fault ?? Delivery(producers), history);
    }

    private string? Delivery(IReadOnlyList<Producer<TSink, TEvent>> producers)
    {
        SinkLedger ledger = Sink.Ledger;
        if (ledger.Pending != 0 || !Invariants.LedgerHolds(ledger, long.MaxValue))
            return $"At rest the ledger is {ledger}.";
        if (!session.Can(SinkCapabilities.ReadBack))
            return null;
        // A dropped event looks accepted to a caller of Log; the queue's own count says how many there are.
        if (program.OverflowPolicy == QueueOverflowPolicy.Drop && SinkMembers<TSink, TEvent>.TryLog is null)
            return null;
        DeliveryFindings findings = DeliveryCheck.Of(session.Specification, producers, [.. session.Specification.ReadBack(Sink)]);
        findings.Forgive(program.OverflowPolicy == QueueOverflowPolicy.RaiseError ? ledger.Dropped : 0);
        bool healthy = Sink.State == SinkState.Stopped;
        if (healthy && findings.Lost.Count > 0)
            Patience.Until(() => (findings = DeliveryCheck.Of(session.Specification, producers, [.. session.Specification.ReadBack(Sink)])).Lost.Count == 0, session.Settings.SettleTime);
        return (healthy ? findings.DescribeLost : null)
            ?? (session.Can(SinkCapabilities.MayDuplicate) ? null : findings.DescribeDuplicated)
            ?? findings.DescribeUninvited
            ?? (session.Can(SinkCapabilities.Ordered) ? findings.DescribeSwapped : null)
            ?? findings.DescribeChanged;
    }
}
