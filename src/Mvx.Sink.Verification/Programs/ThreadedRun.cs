namespace Mvx.Sink.Verification;

/// <summary>A program on a real loop, its branches on threads of their own.</summary>
internal sealed class ThreadedRun<TSink, TEvent> : ProgramRun<TSink, TEvent>, IDisposable
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    /// <summary>There are many runs; most of them may begin a little apart.</summary>
    private static readonly TimeSpan _longestMeeting = TimeSpan.FromMilliseconds(6);

    private readonly SinkStage<TSink, TEvent> _stage;

    private ThreadedRun(VerificationSession<TSink, TEvent> session, SinkProgram program)
        : base(session, program) =>
        _stage = new SinkStage<TSink, TEvent>(session, session.Options(program.QueueMaxSize, program.OverflowPolicy));

    public override TSink Sink => _stage.Sink;

    public static ProgramOutcome Of(VerificationSession<TSink, TEvent> session, SinkProgram program)
    {
        using var run = new ThreadedRun<TSink, TEvent>(session, program);
        return run.Perform();
    }

    public override SinkOperationResult Await(SinkWaitHandle handle) => _stage.Await(handle, handle.Operation.ToString());

    public override void Await(Task task, string what)
    {
        TimeSpan bound = Session.Bound(Sink.Ledger.Pending);
        if (!task.Wait(bound))
            throw new RuleViolation($"{what} did not complete within {bound.TotalSeconds:0.#} s. The state is {Sink.State}, the ledger: {Sink.Ledger}.");
    }

    public override void Step(int turns)
    {
        // A real loop steps by itself.
    }

    public override void Advance(int milliseconds)
    {
        // A real clock moves by itself.
    }

    public void Dispose()
    {
        if (WasBroken)
            Heal();
        _stage.Dispose();
    }

    private ProgramOutcome Perform()
    {
        var main = new ProgramLane<TSink, TEvent>(0, this, _stage.AddProducer());
        ProgramLane<TSink, TEvent>[] branches = [.. Program.Branches.Select((_, i) => new ProgramLane<TSink, TEvent>(i + 1, this, _stage.AddProducer()))];
        ProgramLane<TSink, TEvent>[] lanes = [main, .. branches];
        string? fault = null;
        try
        {
            main.Run(Program.Prefix);
            RunTogether(branches);
            foreach (ProgramLane<TSink, TEvent> lane in lanes)
                lane.Finish();
            BringToRest(main);
            main.Look();
        }
        catch (RuleViolation violation)
        {
            fault = violation.Message;
        }

        return Judge(lanes, _stage.Producers, fault);
    }

    private void RunTogether(ProgramLane<TSink, TEvent>[] branches)
    {
        if (branches.Length == 0)
            return;
        var faults = new RuleViolation?[branches.Length];
        var line = new StartLine(branches.Length);
        Thread[] threads =
        [
            .. branches.Select((lane, i) => new Thread(() =>
            {
                line.MeetClosely(i, _longestMeeting, out _);
                try
                {
                    lane.Run(Program.Branches[i]);
                }
                catch (RuleViolation violation)
                {
                    faults[i] = violation;
                }
                catch (Exception error)
                {
                    faults[i] = new RuleViolation($"{SinkStage<TSink, TEvent>.Describe(error)} left the sink or the specification.");
                }
            }) { IsBackground = true }),
        ];
        Array.ForEach(threads, static thread => thread.Start());
        TimeSpan bound = Session.Bound(100) * 3;
        if (!Array.TrueForAll(threads, thread => thread.Join(bound)))
            throw new RuleViolation($"A branch did not come to its end within {bound.TotalSeconds:0.#} s.");
        if (Array.Find(faults, static fault => fault is not null) is { } first)
            throw first;
    }

    /// <summary>Ends the run as a user would: what is started is stopped, what has failed has cleaned up.</summary>
    private void BringToRest(ProgramLane<TSink, TEvent> main)
    {
        if (WasBroken)
            Heal();
        if (Sink.State == SinkState.Starting)
            main.Ask(SinkOperation.Start, wait: true);
        if (Sink.State is SinkState.Running or SinkState.Stopping)
            main.Ask(SinkOperation.Stop, wait: true);
        TimeSpan bound = Session.Bound(0);
        if (!Patience.Until(() => Sink.State is not (SinkState.Starting or SinkState.Running or SinkState.Stopping) && Sink.Ledger.Pending == 0, bound))
            throw new RuleViolation($"The sink did not come to rest within {bound.TotalSeconds:0.#} s. The state is {Sink.State}, the ledger: {Sink.Ledger}.");
    }
}
