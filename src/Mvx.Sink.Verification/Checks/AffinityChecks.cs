namespace Mvx.Sink.Verification;

/// <summary>
/// Rule K60. Under a manual loop nothing that belongs to the loop can change between two turns; what changes all the same was changed off it. The thread pool is held
/// while a dispatch goes to its first await, so that what runs off the loop runs when it is looked for. A test backend can tell by itself too (MustBeOnLoop).
/// </summary>
internal sealed class AffinityChecks<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    /// <summary>For the moment that a dispatch takes to its first await.</summary>
    private static readonly TimeSpan _held = TimeSpan.FromMilliseconds(100);

    private readonly ManualLoop _loop = new();

    public string OnLoopOnly()
    {
        session.Specification.ResetBackend();
        session.Specification.TakeOffLoopCall();
        session.Specification.BindToLoop(0, _loop);
        TSink sink = _loop.Invoke(() => session.Specification.CreateSink(session.Options(null)));
        var producer = new Producer<TSink, TEvent>(session, sink);
        string? synchronised = session.Can(SinkCapabilities.OwnThreads) ? "the specification says that the sink works on threads of its own" : FieldWatch.WhySynchronised(sink);
        FieldWatch? watch = synchronised is null ? FieldWatch.Of(sink) : null;
        Await(sink.Start(), "Start");
        TimeSpan look = TimeSpan.FromTicks(Math.Clamp((session.Traits.PerEvent * 2).Ticks, TimeSpan.FromMilliseconds(8).Ticks, TimeSpan.FromMilliseconds(250).Ticks));
        int rounds = (int)Math.Clamp(session.Budget * 0.3 / (look + (session.Traits.PerEvent * 2)), 4, 30);
        for (int round = 0; round < rounds; round++)
        {
            if (Changed(producer, watch, look) is { } changed)
                throw new RuleViolation(changed);
            Run(() => sink.Ledger.Pending == 0 || Invariants.IsTerminal(sink.State), "The dispatch");
            DemandNothingTold();
        }

        Await(sink.Stop(), "Stop");
        DemandNothingTold();
        return synchronised is null ? $"{rounds} looks between two turns of the loop" : throw new RuleSkip(synchronised);
    }

    private string? Changed(Producer<TSink, TEvent> producer, FieldWatch? watch, TimeSpan look)
    {
        string[] before;
        using (var hold = new PoolHold(_held * session.Stretch))
        {
            producer.Log();
            producer.Log();
            _loop.RunUntilIdle();
            if (watch is null)
                return null;
            before = watch.Look();
            if (!hold.Holds)
                return null; // too late to tell: another round
        }

        // A dispatch that went off the loop comes back to it when it is done, and not before a turn is taken; what it has changed until then it changed elsewhere.
        string[] after = before;
        long started = TimeProvider.System.GetTimestamp();
        Patience.Until(
            () =>
            {
                bool isBack = _loop.Pending > 0;
                after = watch.Look();
                return !before.SequenceEqual(after, StringComparer.Ordinal) || isBack || (producer.IsDone && TimeProvider.System.GetElapsedTime(started) > look);
            },
            TimeSpan.FromTicks(Math.Max(look.Ticks, TimeSpan.FromSeconds(1).Ticks)));
        int at = 0;
        while (at < after.Length && string.Equals(before[at], after[at], StringComparison.Ordinal))
            at++;
        return at == after.Length ? null : $"A field of the sink changed while its loop was held, so it was changed off the loop: {before[at]}, then {after[at]}.";
    }

    private void DemandNothingTold()
    {
        if (session.Specification.TakeOffLoopCall() is { } what)
            throw new RuleViolation($"{what} was called off the sink's loop.");
    }

    private void Await(SinkWaitHandle handle, string what)
    {
        Task<SinkOperationResult> task = handle.AsTask();
        Run(() => task.IsCompleted, what);
        if (!task.Result.Success)
            throw new RuleViolation($"{what} failed under a manual loop: {SinkStage<TSink, TEvent>.Describe(task.Result.Error)}");
    }

    private void Run(Func<bool> condition, string what)
    {
        TimeSpan bound = session.Bound(4);
        if (!_loop.RunUntil(condition, bound))
            throw new RuleViolation($"{what} did not complete within {bound.TotalSeconds:0.#} s under a manual loop.");
    }
}
