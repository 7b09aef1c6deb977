using System.Diagnostics.CodeAnalysis;

namespace Mvx.Sink.Runtime;

/// <summary>The parts of one sink, and the effects of its lifecycle on them.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and nobody asks for its wait handle, so it holds nothing to release.")]
internal sealed partial class SinkCore<TEvent> : ILifecycleBody, ILoopTenant
    where TEvent : notnull
{
    private readonly AsyncSink<TEvent> _sink;
    private readonly LedgerBook _ledger;
    private readonly FlushBoard _flushes;
    private readonly LossBoard? _losses;
    private readonly Dispatcher<TEvent> _dispatcher;
    private readonly MeteredSink _metered;
    private readonly FollowedWork _work;

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
        OutcomeAtLimit = Admission.Outcome(Admission.AtLimit(options.OverflowPolicy));
        _ledger = new LedgerBook(Queue);
        _losses = options.AnnounceLoss ? new LossBoard(Queue) : null;
        Feed = new DispatchFeed<TEvent>(Identity);
        _work = new FollowedWork(sink);
        _metered = new MeteredSink(Identity, sink.GetType(), Queue, _ledger, () => Feed.IsWatched);
        Feed.Subscribed = Watched;
        _flushes = new FlushBoard(Queue, _ledger);
        Queue.OnEvicted = Evicted;
        Driver = new LifecycleDriver(Queue, loop, this, Identity, _ledger);
        var parts = new DispatcherParts<TEvent>(sink, Queue, _ledger, Feed, _flushes, _losses, new DispatchTimer(_metered), _work, loop, (input, error) => Driver.Answer(input, error));
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

    /// <summary>Marks the flow of dispatches and hooks from now on. Any thread; idempotent.</summary>
    public void Follow()
    {
        _work.TurnOn();
        Loop.Follow();
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
        return _work.Run(() => _sink.RunStarting(_cancellation.Token));
    }

    public ValueTask RunStoppedHook_OnLoop() => _work.Run(() => _sink.RunStopped(_cancellation.Token));

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
        if (rest.Count > 0)
        {
            _ledger.FinishUndelivered(rest.Count);
            if (Feed.IsWatched)
                rest.ForEach(item => Feed.Tell(SinkDispatchKind.Undelivered, item, cause));
        }

        // After the count: a flush that comes in between would take for delivered what is not counted yet.
        Queue.Settle();

        _flushes.CompleteDue();
        if (rest.Count == 0)
            return;
        try
        {
            await _work.Run(() => _sink.RunUndelivered(rest.AsReadOnly(), cause));
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
