using System.Diagnostics;

namespace Mvx.Sink.Runtime;

/// <summary>
/// Applies the model's steps to the gate word and carries their effects out. Every step is one compare-and-swap; steps, the handles they
/// begin or join and the transitions they publish keep one order because they are taken under one lock, under which no user code runs.
/// </summary>
internal sealed class LifecycleDriver(IAdmissionGate gate, LoopHost loop, ILifecycleBody body, SinkIdentity identity, LedgerBook ledger)
    : IObservable<SinkLifecycleEvent>
{
    private readonly Lock _lock = new();
    private readonly ObserverHub<SinkLifecycleEvent> _observers = new($"lifecycle of sink '{identity.Name}'");

    // Under the lock.
    private SinkWaitHandle? _start;
    private SinkWaitHandle? _stop;
    private StopBudget? _stopBudget;
    private TaskCompletionSource? _rest;

    // Written under the lock, read anywhere.
    private volatile SinkException? _lastError;

    // Written once, by whoever is first.
    private int _hasLostLoop;

    public SinkException? LastError => _lastError;

    public bool IsAtRest => Invariants.IsAtRest(gate.Gate.Lifecycle);

    /// <summary>A caller's Start. Any thread; does not block; throws nothing.</summary>
    public SinkWaitHandle Start() => Request(SinkOperation.Start, LifecycleInput.Start);

    /// <summary>A caller's Stop. Any thread; does not block; throws nothing. Of several budgets for one stop the one that ends first counts.</summary>
    public SinkWaitHandle Stop(TimeSpan budget)
    {
        SinkWaitHandle handle = Request(SinkOperation.Stop, LifecycleInput.Stop);
        if (budget != Timeout.InfiniteTimeSpan && !handle.IsCompleted)
            Limit(handle, budget);
        return handle;
    }

    /// <summary>The stop's time is up: fires the token and tells the dispatcher to end. Any thread, for the loop may be stuck.</summary>
    public void SpendBudget(TimeSpan budget)
    {
        LifecycleStep step = Apply(LifecycleInput.BudgetSpent, new StopBudgetSpentException(budget), out _, out _);
        if (step.Verdict != LifecycleVerdict.Taken)
            return;
        PostEffects(step);
        // Last: what the backend has registered with its token may block.
        body.FireToken();
    }

    /// <summary>Ends a stop that does not end. On the loop if it still runs, else anywhere.</summary>
    public void GiveUp(TimeSpan budget) => Answer(LifecycleInput.GivenUp, new StopBudgetSpentException(budget));

    private SinkWaitHandle Request(SinkOperation operation, LifecycleInput input)
    {
        LifecycleStep step = Apply(input, cause: null, out Handles handles, out SinkState state);
        switch (step.Verdict)
        {
            case LifecycleVerdict.Begun:
                PostEffects(step);
                return handles.Requested!;
            case LifecycleVerdict.Joined:
                return handles.Requested!;
            default:
                var refused = new SinkWaitHandle(operation, loop);
                refused.Complete(SinkErrors.Refused(step.Reason, operation, state, _lastError));
                return refused;
        }
    }

    /// <summary>
    /// The first event of a virgin sink: <paramref name="admit"/> swaps the gate, so that the event and the start are one step. False when the
    /// sink is not virgin any more.
    /// </summary>
    public bool TryAdmitAndStart(Func<bool> admit)
    {
        DateTimeOffset now = identity.Now();
        lock (_lock)
        {
            if (!admit())
                return false;
            Publish(now, SinkState.Virgin, SinkState.Starting, SinkOperation.Start);
        }

        PostEffects(Lifecycle.Step(default, LifecycleInput.Start));
        return true;
    }

    /// <summary>What a hook, the dispatcher or the loop has to say. On the loop, or anywhere once the loop is gone.</summary>
    public LifecycleVerdict Answer(LifecycleInput input, Exception? cause = null)
    {
        LifecycleStep step = Apply(input, cause, out Handles handles, out _);
        if (step.Verdict == LifecycleVerdict.Taken)
            CarryOut(step, cause, handles);
        return step.Verdict;
    }

    /// <summary>
    /// The loop is gone. The loop says so, and whoever cannot post to it finds out; the first counts, since to be told again would mean to give up what is being done
    /// about it. Any thread.
    /// </summary>
    public void LoseLoop()
    {
        if (Interlocked.Exchange(ref _hasLostLoop, 1) == 0)
            Answer(LifecycleInput.LoopGone, loop.EndCause);
    }

    /// <summary>The handle of the start in progress; null when there is none. Unlike Start it never begins one.</summary>
    public SinkWaitHandle? StartInProgress()
    {
        lock (_lock)
            return gate.Gate.State == SinkState.Starting ? _start ??= new SinkWaitHandle(SinkOperation.Start, loop) : null;
    }

    /// <summary>Completes when no hook and no dispatcher runs.</summary>
    public Task WhenAtRest()
    {
        lock (_lock)
            return IsAtRest ? Task.CompletedTask : (_rest ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    public IDisposable Subscribe(IObserver<SinkLifecycleEvent> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        DateTimeOffset now = identity.Now();
        ObserverMailbox<SinkLifecycleEvent> mailbox;
        lock (_lock)
        {
            SinkState state = gate.Gate.State;
            mailbox = _observers.Add(observer, Event(now, state, state, operation: null) with { IsReplay = true });
        }

        mailbox.DeliverFirst();
        return mailbox;
    }

    private LifecycleStep Apply(LifecycleInput input, Exception? cause, out Handles handles, out SinkState before)
    {
        DateTimeOffset now = identity.Now();
        lock (_lock)
        {
            Gate seen;
            LifecycleStep step;
            SinkException? error = null;
            do
            {
                seen = gate.Gate;
                step = Lifecycle.Step(seen.Lifecycle, input);
                Debug.Assert(Invariants.StepHolds(seen.Lifecycle, step), $"a step keeps the invariants: {seen.Lifecycle} + {input} = {step}");
            }
            while (step.Verdict is LifecycleVerdict.Taken or LifecycleVerdict.Begun && !TrySwap(seen, step, cause, ref error));

            before = seen.State;
            handles = HandlesOf(step, input);
            if (before != step.Next.State)
                Publish(now, before, step.Next.State, OperationOf(step, input));
            if (step.Next.Closed && Invariants.IsAtRest(step.Next) && step.Verdict == LifecycleVerdict.Taken)
                _observers.Complete();
            return step;
        }
    }

    private bool TrySwap(Gate seen, LifecycleStep step, Exception? cause, ref SinkException? error)
    {
        // The error is there before the state that points to it; and it is one object however often producers make the swap fail, since
        // somebody may have read it already.
        if (step.Has(LifecycleEffects.RecordError))
            _lastError = error ??= SinkErrors.Recorded(step.Reason, cause);
        if (step.Has(LifecycleEffects.ClearError))
            _lastError = null;
        return gate.TrySwap(seen, seen.With(step.Next));
    }

    private Handles HandlesOf(LifecycleStep step, LifecycleInput input)
    {
        var handles = default(Handles);
        if (step.Verdict is LifecycleVerdict.Begun or LifecycleVerdict.Joined)
        {
            handles.Requested = input == LifecycleInput.Start
                ? _start ??= new SinkWaitHandle(SinkOperation.Start, loop)
                : _stop ??= new SinkWaitHandle(SinkOperation.Stop, loop);
        }

        if (step.Has(LifecycleEffects.CompleteStart))
            (handles.Start, _start) = (_start, null);
        if (step.Has(LifecycleEffects.CompleteStop))
        {
            (handles.Stop, _stop) = (_stop, null);
            (handles.SpentBudget, _stopBudget) = (_stopBudget, null);
        }

        return handles;
    }

    private void Limit(SinkWaitHandle handle, TimeSpan budget)
    {
        // A timer may be somebody else's code, so it is not touched under the lock.
        StopBudget limit = NewBudget(budget);
        StopBudget? useless = limit;
        lock (_lock)
        {
            if (_stop == handle && _stopBudget?.EndsBefore(limit) != true)
                (useless, _stopBudget) = (_stopBudget, limit);
        }

        useless?.Dispose();
        if (useless != limit)
            limit.Start();
    }

    /// <summary>By the sink's clock, or, should that throw, by the system's: nothing that a stop does is thrown at its caller (rule W4).</summary>
    private StopBudget NewBudget(TimeSpan budget)
    {
        try
        {
            return new StopBudget(this, loop, identity.Name, identity.Clock, budget);
        }
        catch (Exception error)
        {
            SinkDiagnostics.Report($"TimeProvider of sink '{identity.Name}'", error);
            return new StopBudget(this, loop, identity.Name, TimeProvider.System, budget);
        }
    }

    private static SinkOperation? OperationOf(LifecycleStep step, LifecycleInput input) => input switch
    {
        LifecycleInput.Start => SinkOperation.Start,
        LifecycleInput.Stop => SinkOperation.Stop,
        LifecycleInput.StartingHookSucceeded or LifecycleInput.StartingHookFailed => SinkOperation.Start,
        _ => step.Has(LifecycleEffects.CompleteStop) ? SinkOperation.Stop : step.Has(LifecycleEffects.CompleteStart) ? SinkOperation.Start : null,
    };

    private void Publish(DateTimeOffset now, SinkState from, SinkState to, SinkOperation? operation)
    {
        if (_observers.HasObservers)
            _observers.Publish(Event(now, from, to, operation));
    }

    private SinkLifecycleEvent Event(DateTimeOffset now, SinkState from, SinkState to, SinkOperation? operation) => new()
    {
        SinkName = identity.Name,
        Timestamp = now,
        From = from,
        To = to,
        Operation = operation,
        Error = Invariants.IsTerminal(to) ? _lastError : null,
        Ledger = ledger.Snapshot(),
    };

    /// <summary>Carries out on the loop what a caller's request began.</summary>
    private void PostEffects(LifecycleStep step)
    {
        bool posted = loop.TryPost(_ => CarryOut(step, cause: null, default), null);
        // On a thread of its own: what the sink's owner does with undelivered events must not hold up a caller of Log.
        if (!posted)
            _ = SinkShutdown.RunAsync(LoseLoop);
    }

    /// <summary>Infallible: whatever user code throws becomes an input or is reported.</summary>
    private async void CarryOut(LifecycleStep step, Exception? cause, Handles handles)
    {
        SinkException? error = _lastError;
        handles.SpentBudget?.Dispose();

        if (step.Has(LifecycleEffects.RunStartingHook))
        {
            Exception? thrown = await Guard(body.RunStartingHook_OnLoop);
            Answer(thrown is null ? LifecycleInput.StartingHookSucceeded : LifecycleInput.StartingHookFailed, thrown);
        }

        if (step.Has(LifecycleEffects.LaunchDispatcher))
            body.LaunchDispatcher_OnLoop();
        if (step.Has(LifecycleEffects.Drain))
            body.Drain_OnLoop();
        if (step.Has(LifecycleEffects.FireToken))
            body.FireToken();
        if (step.Has(LifecycleEffects.EndDispatcher))
            body.EndDispatcher_OnLoop();
        if (step.Has(LifecycleEffects.AbandonDispatcher))
            body.AbandonDispatcher();
        if (step.Has(LifecycleEffects.ReportInternalError) && cause is not null)
            SinkDiagnostics.Report($"clean-up of sink '{identity.Name}'", cause);
        if (step.Has(LifecycleEffects.HandOverUndelivered))
            await body.HandOverUndelivered(error!);
        if (step.Next.Phase == LifecyclePhase.HandingOver && step.Has(LifecycleEffects.HandOverUndelivered))
            Answer(LifecycleInput.HandedOver);

        // Who is given up during the hand-over is not asked to stop any more.
        if (step.Has(LifecycleEffects.RunStoppedHook) && IsAwaited(LifecycleInput.StoppedHookSucceeded))
        {
            Exception? thrown = await Guard(body.RunStoppedHook_OnLoop);
            Answer(thrown is null ? LifecycleInput.StoppedHookSucceeded : LifecycleInput.StoppedHookFailed, thrown);
        }

        // Close first: who is told that the operation is over finds the observables completed.
        if (step.Next.Closed && Invariants.IsAtRest(step.Next))
            body.Closed();
        handles.Start?.Complete(step.Next.State == SinkState.Running ? null : error);
        handles.Stop?.Complete(step.Next.State == SinkState.Stopped ? null : error);
        if (step.Has(LifecycleEffects.ComeToRest))
            TakeRest()?.TrySetResult();
    }

    private bool IsAwaited(LifecycleInput answer) => Lifecycle.Step(gate.Gate.Lifecycle, answer).Verdict == LifecycleVerdict.Taken;

    private TaskCompletionSource? TakeRest()
    {
        lock (_lock)
        {
            TaskCompletionSource? rest = _rest;
            _rest = null;
            return rest;
        }
    }

    private static async ValueTask<Exception?> Guard(Func<ValueTask> hook)
    {
        try
        {
            await hook();
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    private struct Handles
    {
        public SinkWaitHandle? Requested;
        public SinkWaitHandle? Start;
        public SinkWaitHandle? Stop;
        public StopBudget? SpentBudget;
    }
}
