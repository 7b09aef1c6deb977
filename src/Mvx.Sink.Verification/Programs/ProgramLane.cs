namespace Mvx.Sink.Verification;

/// <summary>One caller: runs commands one after the other and writes down what it sees.</summary>
internal sealed class ProgramLane<TSink, TEvent>(int number, ProgramRun<TSink, TEvent> run, Producer<TSink, TEvent> producer)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    private readonly List<(HistoryOp Done, SinkWaitHandle Handle)> _open = [];

    public List<HistoryOp> Ops { get; } = [];

    public void Run(IEnumerable<SinkCommand> commands)
    {
        foreach (SinkCommand command in commands)
            Run(command);
    }

    /// <summary>Waits for what was begun and not waited for.</summary>
    public void Finish()
    {
        foreach ((HistoryOp done, SinkWaitHandle handle) in _open)
            Complete(done, handle);
        _open.Clear();
    }

    public void Look()
    {
        HistoryOp state = Begin(HistoryOpKind.State);
        state.State = run.Sink.State;
        End(state);
        HistoryOp ledger = Begin(HistoryOpKind.Ledger);
        ledger.Ledger = run.Sink.Ledger;
        End(ledger);
    }

    public void Run(SinkCommand command)
    {
        switch (command.Kind)
        {
            case SinkCommandKind.Log:
                for (int i = 0; i < command.Count; i++)
                    Log();
                break;
            case SinkCommandKind.Start:
                Ask(SinkOperation.Start, wait: true);
                break;
            case SinkCommandKind.BeginStart:
                Ask(SinkOperation.Start, wait: false);
                break;
            case SinkCommandKind.Stop:
                Ask(SinkOperation.Stop, wait: true);
                break;
            case SinkCommandKind.BeginStop:
                Ask(SinkOperation.Stop, wait: false);
                break;
            case SinkCommandKind.Restart:
                Ask(SinkOperation.Stop, wait: true);
                Ask(SinkOperation.Start, wait: true);
                break;
            case SinkCommandKind.Flush:
                Flush();
                break;
            case SinkCommandKind.Break:
                HistoryOp broken = Begin(HistoryOpKind.Break);
                run.Break();
                End(broken);
                break;
            case SinkCommandKind.Heal:
                run.Heal();
                break;
            case SinkCommandKind.Look:
                Look();
                break;
            case SinkCommandKind.Terminate:
                Close();
                break;
            case SinkCommandKind.Step:
                run.Step(command.Count);
                break;
            case SinkCommandKind.Advance:
                run.Advance(command.Count);
                break;
        }
    }

    public void Ask(SinkOperation operation, bool wait)
    {
        HistoryOp asked = Begin(operation == SinkOperation.Start ? HistoryOpKind.StartAsked : HistoryOpKind.StopAsked);
        SinkWaitHandle handle = operation == SinkOperation.Start ? run.Sink.Start() : run.Sink.Stop();
        Task<SinkOperationResult> task = handle.AsTask();
        asked.Refused = task.IsCompletedSuccessfully && task.Result.Error is InvalidSinkStateException or EventLoopUnavailableException;
        End(asked);
        if (asked.Refused)
            return;
        var done = new HistoryOp(number, operation == SinkOperation.Start ? HistoryOpKind.StartDone : HistoryOpKind.StopDone) { Asked = asked, Invoked = asked.Returned };
        Ops.Add(done);
        if (wait)
            Complete(done, handle);
        else
            _open.Add((done, handle));
    }

    private void Complete(HistoryOp done, SinkWaitHandle handle)
    {
        SinkOperationResult result = run.Await(handle);
        done.Success = result.Success;
        done.Label = result.Error is null ? "" : SinkStage<TSink, TEvent>.Describe(result.Error);
        End(done);
    }

    private void Log()
    {
        HistoryOp op = Begin(HistoryOpKind.Log);
        LoggedEvent<TEvent> logged = producer.Log(askOutcome: run.Program.OverflowPolicy == QueueOverflowPolicy.Drop);
        End(op);
        op.Label = $"{(char)('a' + Math.Max(0, number))}{logged.Id.Number}";
        op.Outcome = logged.Outcome;
        if (logged.Strange is { } strange)
            throw new RuleViolation($"Log threw {strange.GetType().Name}: {strange.Message}");
    }

    private void Flush()
    {
        if (SinkMembers<TSink, TEvent>.Flush is not { } flush)
            return;
        HistoryOp asked = Begin(HistoryOpKind.FlushAsked);
        var done = new HistoryOp(number, HistoryOpKind.FlushDone) { Asked = asked };
        try
        {
            Task task = flush(run.Sink, CancellationToken.None).AsTask();
            End(asked);
            // A flush of a sink that is never started would wait for ever; it is a virgin one's right.
            if (!task.IsCompleted && run.Sink.State == SinkState.Virgin)
                return;
            done.Invoked = asked.Returned;
            Ops.Add(done);
            run.Await(task, "FlushAsync");
            End(done);
        }
        catch (Exception error) when (error is not RuleViolation)
        {
            Exception thrown = error is AggregateException { InnerException: { } inner } ? inner : error;
            if (!run.WasBroken)
                throw new RuleViolation($"FlushAsync threw {SinkStage<TSink, TEvent>.Describe(thrown)}, although the backend is healthy.");
            // On a broken backend a class's own FlushAsync may well throw; what is flushed is not said then.
            if (asked.Returned == long.MaxValue)
                End(asked);
            Ops.Remove(done);
        }
    }

    private void Close()
    {
        if (run.Sink is not IAsyncDisposable disposable)
            return;
        HistoryOp asked = Begin(HistoryOpKind.CloseAsked);
        Task task = disposable.DisposeAsync().AsTask();
        End(asked);
        var done = new HistoryOp(number, HistoryOpKind.CloseDone) { Asked = asked, Invoked = asked.Invoked };
        Ops.Add(done);
        run.Await(task, "DisposeAsync");
        End(done);
    }

    private HistoryOp Begin(HistoryOpKind kind)
    {
        var op = new HistoryOp(number, kind) { Invoked = run.Tick() };
        Ops.Add(op);
        return op;
    }

    private void End(HistoryOp op) => op.Returned = run.Tick();
}
