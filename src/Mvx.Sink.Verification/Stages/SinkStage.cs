namespace Mvx.Sink.Verification;

/// <summary>One new sink on a loop of its own, with everything done to it bounded in time, and torn down whatever it does.</summary>
internal sealed class SinkStage<TSink, TEvent> : IDisposable
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    private readonly VerificationSession<TSink, TEvent> _session;
    private readonly List<Producer<TSink, TEvent>> _producers = [];
    private Producer<TSink, TEvent>? _producer;
    private bool _disposed;
    private bool _hangs;

    public SinkStage(VerificationSession<TSink, TEvent> session, SinkOptions? options = null, Func<SinkOptions, TSink>? create = null, bool reset = true)
    {
        _session = session;
        if (reset)
            session.Specification.ResetBackend();
        Loop = new SinkLoop("Mvx.Sink.Verification");
        Task<TSink> creation = Loop.InvokeAsync(() =>
        {
            session.Specification.BindToLoop(Environment.CurrentManagedThreadId, null);
            return (create ?? session.Specification.CreateSink)(options ?? session.Options(null));
        });
        try
        {
            TimeSpan bound = session.OperationPatience * session.Stretch;
            if (!creation.Wait(bound))
                throw new RuleViolation($"CreateSink did not return within {bound.TotalSeconds:0.#} s.");
            Sink = creation.Result ?? throw new RuleViolation("CreateSink returned null.");
        }
        catch (AggregateException error)
        {
            Patience.TryRun(Loop.Dispose, session.OperationPatience);
            throw new RuleViolation($"CreateSink threw {error.InnerException!.GetType().Name}: {error.InnerException.Message}");
        }

        if (session.HasLeftBehind && session.Can(SinkCapabilities.Break))
            Heal();
    }

    public SinkLoop Loop { get; }

    public TSink Sink { get; }

    public IReadOnlyList<Producer<TSink, TEvent>> Producers => _producers;

    /// <summary>What is in use is healed and reset only if something was done to it.</summary>
    public bool IsBroken { get; private set; }

    public Producer<TSink, TEvent> AddProducer()
    {
        var producer = new Producer<TSink, TEvent>(_session, Sink);
        lock (_producers)
            _producers.Add(producer);
        return producer;
    }

    /// <summary>Logs from the stage's own producer.</summary>
    public IReadOnlyList<LoggedEvent<TEvent>> Log(int count, bool snapshot = false)
    {
        _producer ??= AddProducer();
        int first = _producer.Events.Count;
        for (int i = 0; i < count; i++)
            _producer.Log(snapshot: snapshot);
        return _producer.Events.GetRange(first, count);
    }

    /// <summary>Logs from the stage's own producer, waiting while the queue is full.</summary>
    public void LogPatiently(int count, bool snapshot = false)
    {
        _producer ??= AddProducer();
        for (int i = 0; i < count; i++)
            _producer.LogPatiently(_session.Bound(count), snapshot);
    }

    /// <summary>Starts and demands success.</summary>
    public void Start()
    {
        SinkOperationResult result = Await(Sink.Start(), "Start");
        if (!result.Success)
            throw new RuleViolation($"Start failed although the backend is healthy: {Describe(result.Error)}");
    }

    /// <summary>Stops and demands success.</summary>
    public void Stop()
    {
        SinkOperationResult result = Await(Sink.Stop(), "Stop");
        if (!result.Success)
            throw new RuleViolation($"Stop failed although the backend is healthy: {Describe(result.Error)}");
    }

    /// <summary>Waits for an operation with the bound that its pending events deserve.</summary>
    public SinkOperationResult Await(SinkWaitHandle handle, string what)
    {
        TimeSpan bound = _session.Bound(Sink.Ledger.Pending);
        return handle.Wait(bound, out SinkOperationResult result)
            ? result
            : throw Hang($"{what} did not complete within {bound.TotalSeconds:0.#} s. The state is {Sink.State}, the ledger: {Sink.Ledger}.");
    }

    /// <summary>The violation of a rule by a sink that does not come back. It is not waited for when the stage is torn down.</summary>
    public RuleViolation Hang(string message)
    {
        _hangs = true;
        return new RuleViolation(message);
    }

    /// <summary>Waits for a flush, if the sink has one.</summary>
    public FlushReport? Flush()
    {
        if (SinkMembers<TSink, TEvent>.Flush is not { } flush)
            return null;
        TimeSpan bound = _session.Bound(Sink.Ledger.Pending);
        // A member that hides the base's may block its caller.
        Task<FlushReport>? task = null;
        if (!Patience.TryRun(() => task = flush(Sink, CancellationToken.None).AsTask(), bound) || !task!.Wait(bound))
            throw Hang($"FlushAsync did not complete within {bound.TotalSeconds:0.#} s. The state is {Sink.State}, the ledger: {Sink.Ledger}.");
        return task.Result;
    }

    /// <summary>Waits until the sink has ended by itself.</summary>
    public bool WaitForTerminal(TimeSpan bound) => Patience.Until(() => Invariants.IsTerminal(Sink.State) && Sink.Ledger.Pending == 0, bound);

    public LoopHold? TryHold()
    {
        var hold = new LoopHold(Loop, TimeSpan.FromMinutes(1));
        if (hold.WaitUntilHeld(_session.OperationPatience))
            return hold;
        hold.Dispose();
        return null;
    }

    /// <summary>Lets the loop take some rounds, so that what was logged is in dispatch.</summary>
    public void LetDispatchBegin()
    {
        for (int i = 0; i < 4; i++)
        {
            // A backend that is stuck synchronously holds the loop; then the dispatch has begun for sure.
            if (!Loop.InvokeAsync(static () => 0).Wait(TimeSpan.FromSeconds(1)))
                return;
        }
    }

    public void Break()
    {
        IsBroken = true;
        _session.Specification.BreakBackend(Sink);
    }

    public void Stall()
    {
        IsBroken = true;
        _session.Specification.StallBackend(Sink);
    }

    public void FailNextWrites(int count)
    {
        IsBroken = true;
        _session.Specification.FailNextWrites(Sink, count);
    }

    public void FailWrites(int after, int count)
    {
        IsBroken = true;
        _session.Specification.FailWrites(Sink, after, count);
    }

    public void Heal() => _session.Specification.HealBackend(Sink);

    public IReadOnlyList<ReceivedEvent> ReadBack()
    {
        try
        {
            return [.. _session.Specification.ReadBack(Sink)];
        }
        catch (Exception error)
        {
            throw new RuleViolation($"ReadBack threw {error.GetType().Name}: {error.Message} Either it does not understand what the sink writes, or the sink has written something that was never logged.");
        }
    }

    public DeliveryFindings Compare() => DeliveryCheck.Of(_session.Specification, Producers, ReadBack()).Forgive(Sink.Ledger.Dropped);

    /// <summary>Compares; while events are missing waits a while, since a late event is another fault than a lost one.</summary>
    public DeliveryFindings CompareSettled(out bool late)
    {
        DeliveryFindings first = Compare();
        DeliveryFindings last = first;
        if (first.Lost.Count > 0)
            Patience.Until(() => (last = Compare()).Lost.Count == 0, _session.Settings.SettleTime);
        late = last.Lost.Count < first.Lost.Count;
        return last;
    }

    public static string Describe(Exception? error) =>
        error is null ? "no error was given" : $"{error.GetType().Name}: {error.Message}" + (error.InnerException is { } inner ? $" ({inner.GetType().Name}: {inner.Message})" : "");

    /// <summary>Heals, stops and ends the loop, on a thread of its own: a sink that hangs here is left behind.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (IsBroken)
            Heal();
        TimeSpan bound = _hangs ? TimeSpan.FromSeconds(0.5) : _session.Bound(Sink.Ledger.Pending);
        Patience.TryRun(
            () =>
            {
                // What a slow sink still has waiting is cancelled, not waited for; nor is a sink that hangs.
                if (_hangs || _session.BacklogOf(Sink.Ledger.Pending) > TimeSpan.FromSeconds(1))
                {
                    Loop.Dispose();
                    return;
                }

                if (Sink.State == SinkState.Starting)
                    Sink.Start().Wait(bound, out _);
                if (Sink.State is SinkState.Running or SinkState.Stopping)
                    Sink.Stop().Wait(bound, out _);
                Loop.Dispose();
            },
            bound + bound);
    }
}
