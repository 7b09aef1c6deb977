using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Mvx.Sink.Runtime;

/// <summary>
/// Takes events off the queue and gives them to the backend in order (rule A6). A dispatch that completes at once costs no allocation and no
/// thread hop; one that does not comes back to the loop.
/// </summary>
/// <remarks>A step returns what the loop should do next, or null to go on.</remarks>
internal abstract class Dispatcher<TEvent> : ILoopPump
    where TEvent : notnull
{
    private readonly LoopHost _loop;
    private readonly LedgerBook _ledger;
    private readonly FlushBoard _flushes;
    private readonly Action<LifecycleInput, Exception?> _answer;
    private readonly Action _resume;

    // Owned by the loop.
    private bool _active;
    private bool _suspended;
    private ValueTaskAwaiter _awaiter;
    private TEvent? _faulted;
    private bool _hasFaulted;

    // Set when the loop is gone; whatever comes back later is ignored.
    private volatile bool _abandoned;

    protected Dispatcher(DispatcherParts<TEvent> parts)
    {
        Sink = parts.Sink;
        Queue = parts.Queue;
        Feed = parts.Feed;
        _ledger = parts.Ledger;
        _flushes = parts.Flushes;
        _loop = parts.Loop;
        _answer = parts.Answer;
        _resume = Resume_OnLoop;
        Queue.Activate = () => _loop.Activate(this);
    }

    public bool IsHot { get; set; }

    protected AsyncSink<TEvent> Sink { get; }

    protected AdmissionChannel<TEvent> Queue { get; }

    protected DispatchFeed<TEvent> Feed { get; }

    protected LoopHost Loop => _loop;

    protected CancellationToken Token { get; private set; }

    /// <summary>No more events will come.</summary>
    protected bool IsDraining { get; private set; }

    /// <summary>Somebody waits for the queue to be flushed.</summary>
    protected bool IsFlushing => _flushes.IsWaitedFor;

    /// <summary>The dispatcher is to end before the next event.</summary>
    protected bool IsEnding { get; private set; }

    public void Launch_OnLoop(CancellationToken token)
    {
        Token = token;
        _active = true;
        IsDraining = false;
        IsEnding = false;
        Look_OnLoop();
    }

    /// <summary>No more events will come: end when the queue is empty.</summary>
    public void Drain_OnLoop()
    {
        IsDraining = true;
        Look_OnLoop();
    }

    /// <summary>End after what is in dispatch, whatever is queued.</summary>
    public void End_OnLoop()
    {
        IsEnding = true;
        Look_OnLoop();
    }

    /// <summary>Has the loop look at the queue, whatever it waited for.</summary>
    public void Look_OnLoop()
    {
        if (_active && !_suspended)
        {
            Queue.Disarm();
            _loop.Heat_OnLoop(this);
        }
    }

    public bool TryArm_OnLoop() => Queue.TryArm();

    public PumpResult Pump_OnLoop(int quota)
    {
        if (!_active || _suspended)
            return PumpResult.Detached;
        try
        {
            return Dispatch_OnLoop(quota);
        }
        catch (Exception error)
        {
            return Fault(error);
        }
    }

    /// <summary>The event whose dispatch threw, once.</summary>
    public bool TryTakeFaulted([MaybeNullWhen(false)] out TEvent item)
    {
        (item, bool had) = (_faulted, _hasFaulted);
        (_faulted, _hasFaulted) = (default, false);
        return had;
    }

    /// <summary>Takes everything that is left, what is in dispatch included when the loop is gone. Consumer only.</summary>
    public List<TEvent> TakeRest(bool loopIsGone)
    {
        _abandoned |= loopIsGone;
        var rest = new List<TEvent>();
        TakeUnfinished(rest);
        var spin = new SpinWait();
        while (Queue.Taken < Queue.Gate.Accepted)
        {
            if (Queue.TryTake(out TEvent item))
                rest.Add(item);
            else
                spin.SpinOnce(); // its producer is between claiming the slot and publishing the event: a matter of nanoseconds
        }

        return rest;
    }

    /// <summary>Dispatches until the quota is spent, the queue is empty or a dispatch does not complete at once. What it throws, a dispatch threw.</summary>
    protected abstract PumpResult Dispatch_OnLoop(int quota);

    /// <summary>A dispatch that did not complete at once has succeeded.</summary>
    protected abstract void Resumed_OnLoop();

    /// <summary>A dispatch threw: takes the event it threw for out of what is in dispatch.</summary>
    protected abstract TEvent TakeItemInDispatch();

    /// <summary>Adds what was taken off the queue and is not finished, and forgets it.</summary>
    protected abstract void TakeUnfinished(List<TEvent> rest);

    /// <summary>The queue is empty: what that means.</summary>
    protected PumpResult Empty(bool worked)
    {
        if (IsDraining && Queue.Gate.Accepted == Queue.Taken)
            return End(LifecycleInput.Drained, null);
        return worked ? PumpResult.Worked : PumpResult.Idle;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void Delivered(TEvent item)
    {
        Queue.Finish(1);
        if (Feed.IsWatched)
            Feed.Tell(SinkDispatchKind.Delivered, item);
        if (_flushes.IsDue)
            _flushes.CompleteDue();
    }

    /// <summary>Waits, off the stack, for a dispatch that has not completed.</summary>
    protected PumpResult Suspend(ValueTask dispatch)
    {
        // The backend may have changed the thread's context; the way back must not depend on it.
        if (SynchronizationContext.Current != _loop.Context)
            SynchronizationContext.SetSynchronizationContext(_loop.Context);
        _suspended = true;
        _awaiter = dispatch.GetAwaiter();
        _awaiter.UnsafeOnCompleted(_resume);
        return PumpResult.Detached;
    }

    /// <summary>Whether the loop was given up while a dispatch ran, so that nothing here is ours any more.</summary>
    protected bool IsAbandoned => _abandoned;

    protected PumpResult End(LifecycleInput input, Exception? error)
    {
        _active = false;
        _answer(input, error);
        return PumpResult.Detached;
    }

    private void Resume_OnLoop()
    {
        if (_abandoned)
            return;
        try
        {
            ValueTaskAwaiter awaiter = _awaiter;
            _awaiter = default;
            _suspended = false;
            awaiter.GetResult();
            Resumed_OnLoop();
            Look_OnLoop();
        }
        catch (Exception error)
        {
            Fault(error);
        }
    }

    private PumpResult Fault(Exception error)
    {
        if (_abandoned)
            return PumpResult.Detached;
        _faulted = TakeItemInDispatch();
        _hasFaulted = true;
        _ledger.FinishFailed();
        return End(Lifecycle.OfDispatchFault(error is OperationCanceledException, error.InnerException is TimeoutException), error);
    }
}
