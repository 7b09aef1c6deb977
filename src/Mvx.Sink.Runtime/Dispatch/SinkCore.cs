using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Mvx.Sink.Runtime;

/// <summary>The parts of one sink, and the effects of its lifecycle on them.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and nobody asks for its wait handle, so it holds nothing to release.")]
internal sealed class SinkCore<TEvent> : ILifecycleBody, ILoopTenant
    where TEvent : notnull
{
    private readonly AsyncSink<TEvent> _sink;
    private readonly LedgerBook _ledger;
    private readonly FlushBoard _flushes;
    private readonly LossBoard? _losses;
    private readonly Dispatcher<TEvent> _dispatcher;
    private readonly MeteredSink _metered;

    private readonly Lock _quietness = new();

    // Whether nothing but a count is left to do about the next event that is turned away at the limit: the meter has seen the limit reached, and nobody
    // else is to be told. Set by whoever turns one away, taken back by whoever subscribes; written under the lock, read without it.
    private bool _turnsAwayQuietly;

    // Set once, by whoever guards the sink.
    private volatile bool _isFollowed;

    // Written by the loop, one per start after it has fired; read by whoever tears the loop down.
    private volatile CancellationTokenSource _cancellation = new();

    public SinkCore(AsyncSink<TEvent> sink, SinkOptions options, LoopHost loop)
    {
        ThrowIfUnsuited(sink, options);
        _sink = sink;
        Loop = loop;
        Options = options;
        Identity = new SinkIdentity(options.Namespace ?? loop.CreatedFor?.Name ?? sink.GetType().Name, options.TimeProvider);
        Queue = new AdmissionChannel<TEvent>(options.Limit, options.OverflowPolicy, default);
        _ledger = new LedgerBook(Queue);
        _losses = options.AnnounceLoss ? new LossBoard(Queue) : null;
        Feed = new DispatchFeed<TEvent>(Identity);
        _metered = new MeteredSink(Identity, sink.GetType(), Queue, _ledger, () => Feed.IsWatched);
        Feed.Subscribed = Watched;
        _flushes = new FlushBoard(Queue, _ledger);
        Queue.OnEvicted = Evicted;
        Driver = new LifecycleDriver(Queue, loop, this, Identity, _ledger);
        var parts = new DispatcherParts<TEvent>(sink, Queue, _ledger, Feed, _flushes, _losses, new DispatchTimer(_metered), loop, (input, error) => Driver.Answer(input, error));
        _dispatcher = options.MaxBatchSize > 1 || sink.OverridesBatchDispatch
            ? new BatchDispatcher<TEvent>(parts, options)
            : new SingleDispatcher<TEvent>(parts);
        if (!loop.TryRegister(this))
            throw new EventLoopUnavailableException($"{sink.GetType().Name} was constructed on a loop that has ended. Create a new SinkLoop.");
        SinkMeter.Sinks.Add(_metered);
    }

    public LoopHost Loop { get; }

    public SinkOptions Options { get; }

    public SinkIdentity Identity { get; }

    public AdmissionChannel<TEvent> Queue { get; }

    public LifecycleDriver Driver { get; }

    public DispatchFeed<TEvent> Feed { get; }

    public SinkLedger Ledger => _ledger.Snapshot();

    bool ILoopTenant.IsAtRest => Driver.IsAtRest;

    /// <summary>
    /// Offers an event, does what the verdict asks for and offers again, until the event is accepted or finally not: starts a virgin sink, drops the oldest, or waits.
    /// </summary>
    /// <param name="item">The event.</param>
    /// <param name="limit">The limit that holds for it.</param>
    /// <param name="state">The state that the last verdict is about.</param>
    /// <returns>The last verdict.</returns>
    public AdmissionVerdict Persist(TEvent item, long limit, out SinkState state)
    {
        long deadline = 0;
        AdmissionVerdict verdict = Queue.Offer(item, limit, out Gate seen);
        while (true)
        {
            state = seen.State;
            switch (verdict)
            {
                case AdmissionVerdict.AcceptAndStart:
                    if (TryAdmitAndStart(item))
                        return AdmissionVerdict.Accept;
                    verdict = Queue.Offer(item, limit, out seen);
                    break;
                case AdmissionVerdict.MakeRoom:
                    verdict = Queue.Replace(item, limit, out seen, out TEvent evicted);
                    if (verdict == AdmissionVerdict.MakeRoom)
                    {
                        SeeLimit();
                        Feed.Tell(SinkDispatchKind.Dropped, evicted);
                        return AdmissionVerdict.Accept;
                    }

                    break;
                case AdmissionVerdict.Wait:
                    if (!TryWait(limit, ref deadline))
                        return Admission.WithoutWaiting(verdict);
                    verdict = Queue.Offer(item, limit, out seen);
                    break;
                default:
                    return verdict;
            }
        }
    }

    /// <summary>Waits for room once. False when the caller cannot wait, or not any longer.</summary>
    private bool TryWait(long limit, ref long deadline)
    {
        if (Loop.IsCurrent)
            return false;
        TimeSpan left = Options.WaitTimeout;
        if (left != Timeout.InfiniteTimeSpan)
        {
            long now = Stopwatch.GetTimestamp();
            if (deadline == 0)
                deadline = now + (long)(left.TotalSeconds * Stopwatch.Frequency);
            if (now >= deadline)
                return false;
            left = TimeSpan.FromMilliseconds(Math.Ceiling((deadline - now) * 1000.0 / Stopwatch.Frequency));
        }

        Queue.WaitForRoom(limit, left);
        return true;
    }

    /// <summary>Admits the first event of a virgin sink together with the start it causes. False: the sink is not virgin any more.</summary>
    private bool TryAdmitAndStart(TEvent item) => Driver.TryAdmitAndStart(() =>
    {
        while (true)
        {
            Gate seen = Queue.Gate;
            AdmissionDecision decision = Admission.Offer(seen, Queue.Completed, Queue.Limit, Queue.Policy);
            if (decision.Verdict != AdmissionVerdict.AcceptAndStart)
                return false;
            if (Queue.TryAccept(seen, decision.Next, item))
                return true;
        }
    });

    /// <summary>Counts that an event is turned away at the limit, by a verdict of Drop or Overflow. False, with nothing done, when there is more to do about it than that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTurnAwayQuietly(AdmissionVerdict verdict)
    {
        if (!Volatile.Read(ref _turnsAwayQuietly))
            return false;
        _ledger.CountTurnedAway(verdict);
        return true;
    }

    /// <summary>Counts a refusal and tells of it. Returns the error that <c>Log</c> throws; null where it does not throw.</summary>
    public SinkException? Refuse(TEvent item, AdmissionVerdict verdict, SinkState state, bool makeError)
    {
        if (verdict == AdmissionVerdict.Drop)
        {
            Drop(item);
            return null;
        }

        _ledger.CountTurnedAway(verdict);
        if (verdict == AdmissionVerdict.Overflow)
            SeeLimit();
        if (!makeError && !Feed.IsWatched)
            return null;
        SinkException error = verdict == AdmissionVerdict.Overflow
            ? new QueueOverflowException((int)Queue.Limit)
            : new InvalidSinkStateException(state, ExpectedStates.ForLog, Driver.LastError);
        if (Feed.IsWatched)
            Feed.Tell(SinkDispatchKind.Rejected, item, error);
        return error;
    }

    /// <summary>Counts and tells that a new event is dropped.</summary>
    public void Drop(TEvent item)
    {
        _ledger.CountTurnedAway(AdmissionVerdict.Drop);
        SeeLimit();
        _losses?.NoteDropped();
        if (Feed.IsWatched)
            Feed.Tell(SinkDispatchKind.Dropped, item);
    }

    /// <summary>Marks the flow of dispatches and hooks from now on. Any thread; idempotent.</summary>
    public void Follow()
    {
        _isFollowed = true;
        Loop.Follow();
        _dispatcher.Follow();
    }

    /// <summary>Counts and tells a refusal that somebody before the sink has decided; why, is asked only where somebody is told.</summary>
    public void TurnAway(TEvent item, AdmissionVerdict verdict, Func<Exception> error)
    {
        _ledger.CountTurnedAway(verdict);
        if (!Feed.IsWatched)
            return;
        Exception cause = error();
        SinkDispatchKind kind = verdict == AdmissionVerdict.Drop ? SinkDispatchKind.Dropped : SinkDispatchKind.Rejected;
        Feed.Tell(kind, item, new SinkException(SinkErrorReason.UnexpectedError, ErrorText.Of(cause), innerException: cause));
    }

    /// <summary>For how long the dispatch in progress has finished no event; null where there is none, or it began before the first look. Any thread.</summary>
    public TimeSpan? DispatchAge() => _metered.DispatchAge();

    public ValueTask<FlushReport> FlushAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<FlushReport>(cancellationToken);
        long accepted = Queue.Gate.Accepted;
        if (Queue.Head is null && _losses is null && Queue.Completed >= accepted)
            return ValueTask.FromResult(FlushReport.Of(accepted, evicted: 0, Ledger));
        FlushBoard.Waiter waiter = _flushes.Add();
        // The consumer looks at the board after each event it finishes. It may have finished the last one just before this one was put up,
        // so it is asked to look once more; when there is no consumer any more, look here. A batch that waits for company waits no longer.
        bool isAsked = Loop.TryPost(static state => ((Dispatcher<TEvent>)state!).LookForFlush_OnLoop(), _dispatcher);
        // What is finished already does not wait for a loop that is held up by something else.
        if (!isAsked || (_losses is null && Queue.Settled >= waiter.Accepted))
            _flushes.CompleteDue();
        return cancellationToken.CanBeCanceled ? new(WithCancellation(waiter, cancellationToken)) : new(waiter.Task);
    }

    /// <summary>Closes a sink that is at rest for good. False when it is not at rest. On the loop, or anywhere once it has ended.</summary>
    public bool TryClose() => Driver.Answer(LifecycleInput.Close) == LifecycleVerdict.Taken;

    public ValueTask RunStartingHook_OnLoop()
    {
        // One that fired in an earlier life. The token of a loop that is being torn down stays fired.
        if (_cancellation.IsCancellationRequested && !Queue.Gate.Lifecycle.Closed)
            _cancellation = new CancellationTokenSource();
        return _isFollowed ? RunFollowed(() => _sink.RunStarting(_cancellation.Token)) : _sink.RunStarting(_cancellation.Token);
    }

    public ValueTask RunStoppedHook_OnLoop() =>
        _isFollowed ? RunFollowed(() => _sink.RunStopped(_cancellation.Token)) : _sink.RunStopped(_cancellation.Token);

    public void LaunchDispatcher_OnLoop() => _dispatcher.Launch_OnLoop(_cancellation.Token);

    public void Drain_OnLoop() => _dispatcher.Drain_OnLoop();

    public void EndDispatcher_OnLoop() => _dispatcher.End_OnLoop();

    public void AbandonDispatcher() => _dispatcher.Abandon();

    public void FireToken()
    {
        try
        {
            _cancellation.Cancel();
        }
        catch (Exception error)
        {
            SinkDiagnostics.Report($"cancellation callback of sink '{Identity.Name}'", error);
        }
    }

    /// <summary>The backend reports progress within a batch. On the loop. False: it has been given up, and its events are not its own any more.</summary>
    public bool TryDeliverNext_OnLoop(int count)
    {
        if (!Loop.IsCurrent)
            throw new InvalidOperationException("ReportDelivered was called off the sink's loop. Call it in DispatchBatchAsync, on the thread that runs it.");
        if (_dispatcher is not BatchDispatcher<TEvent> batches)
            throw new InvalidOperationException("ReportDelivered was called while no batch is in dispatch. Call it in DispatchBatchAsync only.");
        return batches.TryDeliverNext(count);
    }

    public async ValueTask HandOverUndelivered(SinkException cause)
    {
        if (_dispatcher.TryTakeFaulted(out TEvent? faulted, out DispatchTiming timing))
            Feed.Tell(SinkDispatchKind.Failed, faulted, cause, timing);
        List<TEvent> rest = _dispatcher.TakeRest();
        Queue.Settle();
        if (rest.Count > 0)
        {
            _ledger.FinishUndelivered(rest.Count);
            if (Feed.IsWatched)
                rest.ForEach(item => Feed.Tell(SinkDispatchKind.Undelivered, item, cause));
        }

        _flushes.CompleteDue();
        if (rest.Count == 0)
            return;
        try
        {
            await (_isFollowed ? RunFollowed(() => _sink.RunUndelivered(rest.AsReadOnly(), cause)) : _sink.RunUndelivered(rest.AsReadOnly(), cause));
        }
        catch (Exception error)
        {
            SinkDiagnostics.Report($"OnUndeliveredAsync of sink '{Identity.Name}', which was given {rest.Count} events,", error);
        }
    }

    public void Closed()
    {
        Feed.Complete();
        _metered.Close();
        Loop.Unregister(this);
    }

    void ILoopTenant.LoopClosing_OnLoop() => Driver.Answer(LifecycleInput.LoopClosing);

    void ILoopTenant.Abandon() => _dispatcher.Abandon();

    void ILoopTenant.LoopGone() => Driver.LoseLoop();

    /// <summary>Runs a hook whose flow is marked until it is over. What the method sets in the flow ends with it for the caller.</summary>
    private async ValueTask RunFollowed(Func<ValueTask> hook)
    {
        var work = new SinkWork(_sink);
        SinkFlow.Work = work;
        try
        {
            await hook();
        }
        finally
        {
            work.End();
        }
    }

    private void Evicted(long ticket)
    {
        _flushes.Evicted(ticket);
        _losses?.NoteEvicted();
    }

    private void Watched()
    {
        lock (_quietness)
            Volatile.Write(ref _turnsAwayQuietly, false);
        _metered.UpdateStamping();
    }

    /// <summary>As much is pending as may be, or as may be for an ordinary event.</summary>
    private void SeeLimit()
    {
        if (Options.ReserveCount > 0)
        {
            _metered.SeePending();
            return;
        }

        _metered.SeeLimit();
        if (_losses is not null || Feed.IsWatched || Volatile.Read(ref _turnsAwayQuietly))
            return;
        lock (_quietness)
            Volatile.Write(ref _turnsAwayQuietly, !Feed.IsWatched);
    }

    private static void ThrowIfUnsuited(AsyncSink<TEvent> sink, SinkOptions options)
    {
        string type = sink.GetType().Name;
        if (options.ReserveCount >= options.Limit)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.ReserveCount, $"ReserveCount keeps places of QueueMaxSize, which is {options.Limit}, so it must be below that: {type} could accept no ordinary event.");
        }

        if (options.ReserveCount > 0 && !sink.OverridesMayUseReserve)
            throw new ArgumentException($"ReserveCount is {options.ReserveCount}, but {type} does not say for which events: override MayUseReserve, or derive from AsyncLogSink.", nameof(options));
        if (options.AnnounceLoss && !sink.OverridesLossEvent)
            throw new ArgumentException($"AnnounceLoss is on, but {type} does not say with what event: override TryCreateLossEvent, or derive from AsyncLogSink.", nameof(options));
    }

    private async Task<FlushReport> WithCancellation(FlushBoard.Waiter waiter, CancellationToken cancellationToken)
    {
        try
        {
            return await waiter.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _flushes.Remove(waiter);
            throw;
        }
    }
}
