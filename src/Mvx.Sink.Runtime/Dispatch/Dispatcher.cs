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
    private readonly LossBoard? _losses;
    private readonly DispatchTimer _timer;
    private readonly FollowedWork _work;
    private readonly Action<LifecycleInput, Exception?> _answer;
    private readonly Action _resume;

    // Owned by the loop.
    private bool _active;
    private bool _suspended;
    private ValueTaskAwaiter _awaiter;
    private TEvent? _faulted;
    private bool _hasFaulted;
    private DispatchTiming _faultedTiming;
    private bool _isAttended;

    // Written by the loop, read by who gives it up: 1 while the loop is in here and not in the backend.
    private int _inside;

    // Set when the loop is given up; whatever comes back from the backend later is ignored.
    private volatile bool _abandoned;

    protected Dispatcher(DispatcherParts<TEvent> parts)
    {
        Sink = parts.Sink;
        Queue = parts.Queue;
        Feed = parts.Feed;
        _ledger = parts.Ledger;
        _flushes = parts.Flushes;
        _losses = parts.Losses;
        _timer = parts.Timer;
        _work = parts.Work;
        _loop = parts.Loop;
        _answer = parts.Answer;
        _resume = Resume_OnLoop;
        Queue.Activate = () => _loop.Activate(this);
    }

    public bool IsHot { get; set; }

    // A producer cannot offer more than one event in about ten nanoseconds.
    public int LongestPause => (int)Math.Min(Queue.Limit / 100, 100);

    protected AsyncSink<TEvent> Sink { get; }

    protected AdmissionChannel<TEvent> Queue { get; }

    protected DispatchFeed<TEvent> Feed { get; }

    protected LoopHost Loop => _loop;

    protected CancellationToken Token { get; private set; }

    /// <summary>No more events will come.</summary>
    protected bool IsDraining { get; private set; }

    /// <summary>Dropped events are missing before the next one, and the backend is to be told.</summary>
    protected bool IsLossDue => _losses is not null && _losses.IsDue;

    /// <summary>
    /// Takes the next event. False also when one was dropped before it this moment: then the loss is due first. Consumer only.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected bool TryTake([MaybeNullWhen(false)] out TEvent item) =>
        _losses is null || Queue.Head is null ? Queue.TryTake(out item) : TryTakeUnlessLossIsDue(Queue.Head, out item);

    private bool TryTakeUnlessLossIsDue(Lock head, [MaybeNullWhen(false)] out TEvent item)
    {
        lock (head)
        {
            item = default;
            return !IsLossDue && Queue.TryTake(out item);
        }
    }

    private bool IsDrained => IsDraining && Queue.Gate.Accepted == Queue.Completed;

    /// <summary>Somebody waits for the queue to be flushed.</summary>
    protected bool IsFlushing => _flushes.IsWaitedFor;

    /// <summary>The dispatcher is to end before the next event.</summary>
    protected bool IsEnding { get; private set; }

    /// <summary>Whether the backend was given up.</summary>
    protected bool IsAbandoned => _abandoned;

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

    /// <summary>Somebody waits for a flush: it may be over already, and a batch that waits for company waits no longer.</summary>
    public void LookForFlush_OnLoop()
    {
        // A loss that is due is told of first, unless nobody is there to tell it.
        if (!_active || !IsLossDue)
            _flushes.CompleteDue();
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

    public bool TryArm_OnLoop()
    {
        if (!Queue.TryArm())
            return false;
        if (!IsLossDue)
            return true;
        Queue.Disarm();
        return false;
    }

    public PumpResult Pump_OnLoop(int quota)
    {
        if (!_active || _suspended || !TryEnter())
            return PumpResult.Detached;
        try
        {
            PumpResult result = Dispatch_OnLoop(quota);
            if (result == PumpResult.More)
                _timer.SeePending();
            return result;
        }
        catch (Exception error)
        {
            return Fault(error);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>The event whose dispatch threw, once.</summary>
    public bool TryTakeFaulted([MaybeNullWhen(false)] out TEvent item, out DispatchTiming timing)
    {
        timing = _faultedTiming;
        (item, bool had) = (_faulted, _hasFaulted);
        (_faulted, _hasFaulted) = (default, false);
        return had;
    }

    /// <summary>
    /// Makes the caller the consumer in place of a loop that is stuck in user code. When this returns, the loop is not in here and will find out, on its way
    /// back, that it has nothing to do here any more.
    /// </summary>
    public void Abandon()
    {
        _abandoned = true;
        _work.EndDispatch();
        // Makes the loop's two plain steps, "I am back" and "was I given up?", as good as fenced, without a fence per event.
        Interlocked.MemoryBarrierProcessWide();
        SpinWait.SpinUntil(() => Volatile.Read(ref _inside) == 0);
    }

    /// <summary>Takes everything that is left, what is in dispatch included if the dispatcher was abandoned. Consumer only.</summary>
    public List<TEvent> TakeRest()
    {
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

    /// <summary>How many events of the dispatch in progress are finished.</summary>
    protected abstract int FinishedInDispatch { get; }

    /// <summary>A dispatch threw: takes the event it threw for out of what is in dispatch. False when all of it had been reported as delivered.</summary>
    protected abstract bool TryTakeItemInDispatch([MaybeNullWhen(false)] out TEvent item);

    /// <summary>Adds what was taken off the queue and is not finished, and forgets it.</summary>
    protected abstract void TakeUnfinished(List<TEvent> rest);

    /// <summary>The dispatcher was told to end: says whether anything is left that it does not deliver.</summary>
    protected PumpResult EndEarly()
    {
        if (!IsDrained)
            return End(LifecycleInput.DispatcherEnded, null);
        Settled();
        return End(LifecycleInput.Drained, null);
    }

    /// <summary>The queue is empty: what that means.</summary>
    protected PumpResult Empty(bool worked)
    {
        Settled();
        if (IsDrained)
            return End(LifecycleInput.Drained, null);
        return worked ? PumpResult.Worked : PumpResult.Idle;
    }

    /// <summary>The event of that number in the dispatch is delivered. Those who wait for it are not told yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void Delivered(TEvent item, int index)
    {
        Queue.Finish(1);
        if (Feed.IsWatched)
            Feed.Tell(SinkDispatchKind.Delivered, item, timing: _timer.Of(index));
    }

    /// <summary>Nothing is in dispatch, and what was is counted: before this, whoever asks for a flush must not believe it over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void Settled()
    {
        Queue.Settle();
        CompleteFlushes();
    }

    /// <summary>Tells those who wait for what is finished now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void CompleteFlushes()
    {
        if (_flushes.IsDue(Queue.Settled) && !IsLossDue)
            _flushes.CompleteDue();
    }

    /// <summary>The event that tells of what is missing before the next one. False: nothing is, or the sink could not make one, which is reported.</summary>
    protected bool TryTakeLoss([MaybeNullWhen(false)] out TEvent announcement)
    {
        long lost = _losses!.TakeDue();
        announcement = default;
        try
        {
            if (lost > 0 && Sink.TryCreateLoss(lost, out announcement) && announcement is not null)
                return true;
            if (lost > 0)
                SinkDiagnostics.Report($"sink '{Sink}'", new InvalidOperationException($"TryCreateLossEvent made no event to tell of {lost} dropped ones."));
        }
        catch (Exception error)
        {
            SinkDiagnostics.Report($"TryCreateLossEvent of sink '{Sink}', to tell of {lost} dropped events", error);
        }

        return false;
    }

    /// <summary>
    /// The loop, in the backend already, is about to dispatch the events it took last; none: an announcement. Whether anybody wants to know the times, or to follow the
    /// flow, is looked at once per turn, after an event was taken, so that who began to watch before that event was logged is told of it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void Begin(int count, bool isFirstOfTurn)
    {
        if (isFirstOfTurn)
            LookWhoAttends();
        if (_isAttended)
            BeginAttended(count);
    }

    /// <summary>The backend has reported progress within a dispatch.</summary>
    protected void Moved() => _timer.Move();

    /// <summary>A dispatch has succeeded. False: the loop was given up while listeners of the meter were told.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected bool TryComplete() => !_isAttended || TryCompleteAttended();

    /// <summary>Waits, off the stack, for a dispatch that has not completed.</summary>
    protected PumpResult Suspend(ValueTask dispatch)
    {
        // The backend may have changed the thread's context; the way back must not depend on it.
        if (SynchronizationContext.Current != _loop.Context)
            SynchronizationContext.SetSynchronizationContext(_loop.Context);
        _work.LeaveDispatch_OnLoop();
        _suspended = true;
        _awaiter = dispatch.GetAwaiter();
        _awaiter.UnsafeOnCompleted(_resume);
        return PumpResult.Detached;
    }

    /// <summary>The loop goes into the backend.</summary>
    protected void Leave() => Volatile.Write(ref _inside, 0);

    /// <summary>The loop is back from the backend. False: it was given up meanwhile, and nothing here is its own any more.</summary>
    protected bool TryEnter()
    {
        Volatile.Write(ref _inside, 1);
        if (!_abandoned)
            return true;
        Leave();
        return false;
    }

    protected PumpResult End(LifecycleInput input, Exception? error)
    {
        _active = false;
        Leave();
        _answer(input, error);
        return PumpResult.Detached;
    }

    private void Resume_OnLoop()
    {
        if (!TryEnter())
            return;
        try
        {
            ValueTaskAwaiter awaiter = _awaiter;
            _awaiter = default;
            _suspended = false;
            awaiter.GetResult();
            _timer.SeePending();
            Resumed_OnLoop();
            Look_OnLoop();
        }
        catch (Exception error)
        {
            Fault(error);
        }
        finally
        {
            Leave();
        }
    }

    private void LookWhoAttends()
    {
        _timer.Look(Feed.IsWatched);
        _isAttended = _timer.IsOn || _work.IsOn;
    }

    private void BeginAttended(int count)
    {
        if (_timer.IsOn && count > 0)
            _timer.Begin(Queue.LastTaken - count + 1, count);
        if (_work.IsOn)
            _work.BeginDispatch_OnLoop();
    }

    private bool TryCompleteAttended()
    {
        _work.EndDispatch();
        return !_timer.IsRunning || TryTellEnd();
    }

    private bool TryTellEnd()
    {
        // A listener is user code like the backend: when it does not return, the loop can be given up.
        Leave();
        _timer.End(error: null);
        return TryEnter();
    }

    private PumpResult Fault(Exception error)
    {
        _work.EndDispatch();
        Leave();
        _timer.End(error);
        if (!TryEnter())
            return PumpResult.Detached;
        _faultedTiming = _timer.Of(FinishedInDispatch);
        _hasFaulted = TryTakeItemInDispatch(out _faulted);
        if (_hasFaulted)
            _ledger.FinishFailed();
        return End(Lifecycle.OfDispatchFault(error is OperationCanceledException, error.InnerException is TimeoutException), error);
    }
}
