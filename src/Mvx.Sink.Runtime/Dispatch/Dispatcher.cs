using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Mvx.Sink.Runtime;

/// <summary>
/// Takes events off the queue and gives them to the backend, one at a time, in order (rule A6). A dispatch that completes at once costs
/// no allocation and no thread hop; one that does not comes back to the loop.
/// </summary>
internal sealed class Dispatcher<TEvent> : ILoopPump
    where TEvent : notnull
{
    private readonly AsyncSink<TEvent> _sink;
    private readonly AdmissionQueue<TEvent> _queue;
    private readonly LedgerBook _ledger;
    private readonly DispatchFeed<TEvent> _feed;
    private readonly FlushBoard _flushes;
    private readonly LoopHost _loop;
    private readonly Action<LifecycleInput, Exception?> _answer;
    private readonly Action _resume;

    // Owned by the loop.
    private bool _active;
    private bool _draining;
    private bool _ending;
    private CancellationToken _token;
    private TEvent? _inDispatch;
    private bool _hasInDispatch;
    private ValueTaskAwaiter _awaiter;
    private TEvent? _faulted;
    private bool _hasFaulted;

    // Set when the loop is gone; whatever comes back later is ignored.
    private volatile bool _abandoned;

    public Dispatcher(
        AsyncSink<TEvent> sink,
        AdmissionQueue<TEvent> queue,
        LedgerBook ledger,
        DispatchFeed<TEvent> feed,
        FlushBoard flushes,
        LoopHost loop,
        Action<LifecycleInput, Exception?> answer)
    {
        _sink = sink;
        _queue = queue;
        _ledger = ledger;
        _feed = feed;
        _flushes = flushes;
        _loop = loop;
        _answer = answer;
        _resume = Resume_OnLoop;
        queue.Activate = () => _loop.Activate(this);
    }

    public bool IsHot { get; set; }

    public void Launch_OnLoop(CancellationToken token)
    {
        _token = token;
        _active = true;
        _draining = false;
        _ending = false;
        Look_OnLoop();
    }

    /// <summary>No more events will come: end when the queue is empty.</summary>
    public void Drain_OnLoop()
    {
        _draining = true;
        Look_OnLoop();
    }

    /// <summary>End after the event in dispatch, whatever is queued.</summary>
    public void End_OnLoop()
    {
        _ending = true;
        Look_OnLoop();
    }

    /// <summary>The loop is being given up: do nothing more. Any thread.</summary>
    public void Abandon() => _abandoned = true;

    public bool TryArm_OnLoop() => _queue.TryArm();

    public PumpResult Pump_OnLoop(int quota)
    {
        if (!_active || _hasInDispatch || _abandoned)
            return PumpResult.Detached;
        int left = quota;
        try
        {
            while (left > 0)
            {
                if (_ending)
                    return End(LifecycleInput.DispatcherEnded, null);
                if (!_queue.TryTake(out TEvent item))
                {
                    if (_draining && _queue.Gate.Accepted == _queue.Taken)
                        return End(LifecycleInput.Drained, null);
                    return left == quota ? PumpResult.Idle : PumpResult.Worked;
                }

                _inDispatch = item;
                _hasInDispatch = true;
                ValueTask dispatch = _sink.Dispatch(item, _token);
                if (!dispatch.IsCompleted)
                    return Suspend(dispatch);
                dispatch.GetAwaiter().GetResult();
                if (_abandoned)
                    return PumpResult.Detached;
                Delivered(item);
                left--;
            }

            return PumpResult.More;
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

    /// <summary>Takes everything that is left, the event in dispatch included when the loop is gone. Consumer only.</summary>
    public List<TEvent> TakeRest(bool loopIsGone)
    {
        var rest = new List<TEvent>();
        if (loopIsGone)
        {
            _abandoned = true;
            if (_hasInDispatch)
                rest.Add(_inDispatch!);
        }

        var spin = new SpinWait();
        while (_queue.Taken < _queue.Gate.Accepted)
        {
            if (_queue.TryTake(out TEvent item))
                rest.Add(item);
            else
                spin.SpinOnce(); // its producer is between claiming the slot and publishing the event: a matter of nanoseconds
        }

        return rest;
    }

    private void Look_OnLoop()
    {
        if (_active && !_hasInDispatch)
        {
            _queue.Disarm();
            _loop.Heat_OnLoop(this);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Delivered(TEvent item)
    {
        _hasInDispatch = false;
        _inDispatch = default;
        _queue.Finish();
        if (_feed.IsWatched)
            _feed.Tell(SinkDispatchKind.Delivered, item);
        if (_flushes.IsDue)
            _flushes.CompleteDue();
    }

    private PumpResult Suspend(ValueTask dispatch)
    {
        // The backend may have changed the thread's context; the way back must not depend on it.
        if (SynchronizationContext.Current != _loop.Context)
            SynchronizationContext.SetSynchronizationContext(_loop.Context);
        _awaiter = dispatch.GetAwaiter();
        _awaiter.UnsafeOnCompleted(_resume);
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
            awaiter.GetResult();
            Delivered(_inDispatch!);
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
        _faulted = _inDispatch;
        _hasFaulted = true;
        _inDispatch = default;
        _hasInDispatch = false;
        _ledger.FinishFailed();
        return End(Lifecycle.OfDispatchFault(error is OperationCanceledException, error.InnerException is TimeoutException), error);
    }

    private PumpResult End(LifecycleInput input, Exception? error)
    {
        _active = false;
        _answer(input, error);
        return PumpResult.Detached;
    }
}
