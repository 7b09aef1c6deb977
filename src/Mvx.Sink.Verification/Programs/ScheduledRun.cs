namespace Mvx.Sink.Verification;

/// <summary>A program on one thread, under a manual loop and a virtual clock: it decides when the loop takes a turn, so it runs the same again.</summary>
internal sealed class ScheduledRun<TSink, TEvent> : ProgramRun<TSink, TEvent>
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    private readonly ManualLoop _loop = new();
    private readonly VirtualTimeProvider _clock = new();

    private ScheduledRun(VerificationSession<TSink, TEvent> session, SinkProgram program)
        : base(session, program)
    {
        session.Specification.ResetBackend();
        session.Specification.BindToLoop(0, _loop);
        Sink = _loop.Invoke(() => session.Specification.CreateSink(session.Options(program.QueueMaxSize, program.OverflowPolicy, _clock)));
    }

    public override TSink Sink { get; }

    public static ProgramOutcome Of(VerificationSession<TSink, TEvent> session, SinkProgram program) => new ScheduledRun<TSink, TEvent>(session, program).Perform();

    public override SinkOperationResult Await(SinkWaitHandle handle)
    {
        Task<SinkOperationResult> task = handle.AsTask();
        Await(task, handle.Operation.ToString());
        return task.Result;
    }

    public override void Await(Task task, string what)
    {
        TimeSpan bound = Session.Bound(Sink.Ledger.Pending);
        if (!_loop.RunUntil(() => task.IsCompleted, bound, _clock))
            throw new RuleViolation($"{what} did not complete within {bound.TotalSeconds:0.#} s under the manual loop. The state is {Sink.State}, the ledger: {Sink.Ledger}.");
    }

    public override void Step(int turns)
    {
        for (int i = 0; i < turns && _loop.Step(); i++)
        {
            // The condition steps.
        }
    }

    public override void Advance(int milliseconds) => _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private ProgramOutcome Perform()
    {
        var producer = new Producer<TSink, TEvent>(Session, Sink);
        var lane = new ProgramLane<TSink, TEvent>(0, this, producer);
        string? fault = null;
        try
        {
            foreach (SinkCommand command in Program.Prefix.Concat(Program.Branches.SelectMany(static branch => branch)))
                lane.Run(command);
            lane.Finish();
            if (WasBroken)
                Heal();
            if (Sink.State == SinkState.Starting)
                lane.Ask(SinkOperation.Start, wait: true);
            if (Sink.State is SinkState.Running or SinkState.Stopping)
                lane.Ask(SinkOperation.Stop, wait: true);
            if (!_loop.RunUntil(() => Sink.State is not (SinkState.Starting or SinkState.Running or SinkState.Stopping) && Sink.Ledger.Pending == 0, Session.Bound(0), _clock))
                throw new RuleViolation($"The sink did not come to rest under the manual loop. The state is {Sink.State}, the ledger: {Sink.Ledger}.");
            _loop.RunUntilIdle();
            lane.Look();
        }
        catch (RuleViolation violation)
        {
            fault = violation.Message;
        }
        finally
        {
            if (WasBroken)
                Heal();
        }

        return Judge([lane], [producer], fault);
    }
}
