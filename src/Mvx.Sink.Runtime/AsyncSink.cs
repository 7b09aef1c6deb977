using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Mvx.Sink.Runtime;

/// <summary>
/// The base of a sink whose delivery may take time. Override <see cref="DispatchAsync"/>; <see cref="Log"/> is then fast, thread-safe, never
/// blocks and never loses an event without saying so.
/// </summary>
/// <remarks>
/// The hooks and <see cref="DispatchAsync"/> run on the sink's loop, one at a time, and so do their awaits (rule P1): what only they touch needs
/// no locks. A blocking call in them stalls the sinks of that loop, but no caller of <see cref="Log"/>.
/// </remarks>
/// <typeparam name="TEvent">The type of the events.</typeparam>
public abstract class AsyncSink<TEvent> : ISink<TEvent>, ISinkLifecycle, IAsyncDisposable, ILoopBound
    where TEvent : notnull
{
    /// <summary>
    /// The limit under which nothing is accepted at once: where the last places are kept for some, the slow way asks for whom. Nothing is turned away by it either, since
    /// a sink with a reserve turns nobody away quietly.
    /// </summary>
    private const long NoEvent = long.MinValue;

    private readonly AdmissionChannel<TEvent> _queue;
    private readonly SinkCore<TEvent> _core;
    private readonly long _limit;
    private readonly long _reserve;

    // Callers of Log read the fields above; what a subclass has comes after this, and is often written with each event, by another processor.
#pragma warning disable CS0169, CA1823, IDE0051 // It is there for its size.
    private readonly CacheLinePair _apart;
#pragma warning restore CS0169, CA1823, IDE0051

    /// <summary>
    /// Binds the new sink to the current event loop (rule P2): the <see cref="SinkLoop"/> this runs on, or the current SynchronizationContext if
    /// that serialises its callbacks. <see cref="SinkRuntime.Create{TSink}"/> provides one.
    /// </summary>
    /// <param name="options">How the runtime behaves; null: all defaults.</param>
    /// <exception cref="EventLoopUnavailableException">There is no current event loop.</exception>
    protected AsyncSink(SinkOptions? options = null)
    {
        _core = new SinkCore<TEvent>(this, options ?? new SinkOptions(), CurrentLoop.Require(GetType()));
        _queue = _core.Queue;
        _reserve = _core.Options.ReserveCount;
        _limit = _reserve == 0 ? _queue.Limit : NoEvent;
    }

    private delegate bool LossEventFactory(long lost, [MaybeNullWhen(false)] out TEvent item);

    /// <inheritdoc/>
    public SinkState State => _queue.Gate.State;

    /// <inheritdoc/>
    public SinkException? LastError => _core.Driver.LastError;

    /// <inheritdoc/>
    public SinkLedger Ledger => _core.Ledger;

    /// <inheritdoc/>
    public IObservable<SinkLifecycleEvent> Lifecycle => _core.Driver;

    /// <summary>
    /// What becomes of each event from now on (rule O2). Observers are called on threads of their own, never by the sink's loop, the thread pool or a caller of
    /// <see cref="Log"/>; a slow one misses events and is told how many (rule O3).
    /// </summary>
    public IObservable<SinkDispatchEvent<TEvent>> Dispatches => _core.Feed;

    LoopHost ILoopBound.Loop => _core.Loop;

    bool ILoopBound.IsClosed => _queue.Gate.Lifecycle.Closed;

    string ILoopBound.Name => _core.Identity.Name;

    /// <summary>
    /// Accepts an event for delivery, in Virgin (which starts the sink), Starting and Running. Any thread, hooks and observers included; it never
    /// waits, unless the policy is Wait (rules A1–A10).
    /// </summary>
    /// <param name="item">The event. The very same object is dispatched.</param>
    /// <exception cref="ArgumentNullException">The event is null.</exception>
    /// <exception cref="QueueOverflowException">The pending limit is reached and the policy is RaiseError, or Wait and the time is up. Under Drop and DropOldest an event is dropped and counted.</exception>
    /// <exception cref="InvalidSinkStateException">The sink's state does not accept events; in Failure and Cancelled the inner exception is <see cref="LastError"/>.</exception>
    public void Log(TEvent item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (_queue.TryAcceptOnce(item, _limit, out bool isAtLimit))
            return;
        if (isAtLimit && _core.TryDropQuietly())
            return;
        LogSlowly(item);
    }

    /// <summary>Like <see cref="Log"/>, waiting included, but tells what became of the event instead of throwing.</summary>
    /// <param name="item">The event.</param>
    /// <returns>Whether it was accepted, or why not.</returns>
    /// <exception cref="ArgumentNullException">The event is null.</exception>
    public LogOutcome TryLog(TEvent item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (_queue.TryAcceptOnce(item, _limit, out bool isAtLimit))
            return LogOutcome.Accepted;
        if (isAtLimit && _core.TryTurnAwayQuietly())
            return _core.OutcomeAtLimit;
        return TryLogSlowly(item);
    }

    /// <inheritdoc/>
    public SinkWaitHandle Start() => _core.Driver.Start();

    /// <inheritdoc/>
    /// <remarks>It may take <see cref="SinkOptions.StopBudget"/>; see <see cref="Stop(TimeSpan)"/>.</remarks>
    public SinkWaitHandle Stop() => _core.Driver.Stop(_core.Options.StopBudget);

    /// <summary>
    /// Like <see cref="Stop()"/>, within a time of your choice. When it is spent, the token of the hooks fires and the dispatcher ends after the event it is at; what
    /// is left is handed over as undelivered, and the result is a <see cref="StopBudgetSpentException"/>. A backend that ignores its token is given up two seconds
    /// later: it keeps its thread or its await, and the event it holds counts as undelivered.
    /// </summary>
    /// <param name="budget">The time; <see cref="Timeout.InfiniteTimeSpan"/>: as long as it takes. Of several callers' budgets the one that ends first counts.</param>
    /// <returns>The handle of the stop.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative and not infinite, or longer than a day.</exception>
    public SinkWaitHandle Stop(TimeSpan budget)
    {
        SinkOptions.ThrowIfNoBudget(budget, nameof(budget));
        return _core.Driver.Stop(budget);
    }

    /// <summary>
    /// Completes when every event accepted before the call is finished, however many come after it (rule C3). It does not start a virgin sink. Any thread; do
    /// not await it inside <see cref="DispatchAsync"/>, which would wait for itself.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting; the events are delivered all the same.</param>
    /// <returns>What became of those events.</returns>
    public ValueTask<FlushReport> FlushAsync(CancellationToken cancellationToken = default) => _core.FlushAsync(cancellationToken);

    /// <summary>Stops the sink if it is in use, waits for its clean-up, and closes it for good. Do not await it on the sink's own loop from a hook or a dispatch.</summary>
    /// <returns>A task that completes when nothing of the sink runs any more. Errors of the stop are in <see cref="LastError"/>.</returns>
    public async ValueTask DisposeAsync()
    {
        await SinkShutdown.RunAsync(() => SinkShutdown.StopAndClose(this, _core.Options.StopBudget)).ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Prepares the backend. Runs on the loop before the dispatcher starts, once per start; events are accepted meanwhile and wait. What it throws makes the
    /// start fail (rule L5).
    /// </summary>
    /// <param name="cancellationToken">Fires when the loop is being torn down.</param>
    /// <returns>A task that completes when the backend is ready.</returns>
    protected virtual ValueTask OnStartingAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>
    /// Delivers one event. Runs on the loop, one event at a time, in order of acceptance. What it throws ends the sink: a cancellation as
    /// Cancelled, anything else as Failure (rules L12–L14); so retry here what can be retried.
    /// </summary>
    /// <param name="item">The event.</param>
    /// <param name="cancellationToken">Fires when the loop is being torn down.</param>
    /// <returns>A task that completes when the event is delivered. One that is complete already costs nothing.</returns>
    protected abstract ValueTask DispatchAsync(TEvent item, CancellationToken cancellationToken);

    /// <summary>
    /// Delivers several events at once. Runs on the loop, one batch at a time, in order of acceptance, with at most
    /// <see cref="SinkOptions.MaxBatchSize"/> events. The base calls <see cref="DispatchAsync"/> for each.
    /// </summary>
    /// <remarks>
    /// When it throws, the events it has reported with <see cref="ReportDelivered"/> are delivered, the next one failed, and those after it are undelivered and
    /// handed over with the rest of the queue (rules L12–L14, C2). When it has reported them all, none failed, and the sink ends all the same. An override that can tell how far it got should report it. The memory is used again after
    /// the returned task has completed: copy what is kept.
    /// </remarks>
    /// <param name="batch">The events; at least one.</param>
    /// <param name="cancellationToken">Fires when the loop is being torn down.</param>
    /// <returns>A task that completes when every event of the batch is delivered.</returns>
    protected virtual async ValueTask DispatchBatchAsync(ReadOnlyMemory<TEvent> batch, CancellationToken cancellationToken)
    {
        for (int i = 0; i < batch.Length; i++)
        {
            await DispatchAsync(batch.Span[i], cancellationToken);
            if (!_core.TryDeliverNext_OnLoop(1))
                return; // given up meanwhile: the rest has been handed over
        }
    }

    /// <summary>
    /// Reports that the next events of the batch in dispatch are delivered, so that a failure later in the batch is not theirs. Call it in
    /// <see cref="DispatchBatchAsync"/>, on the loop. What is not reported counts as delivered when that returns.
    /// </summary>
    /// <param name="count">How many more events of the batch are delivered.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch has fewer events left.</exception>
    /// <exception cref="InvalidOperationException">Called off the loop, or with no batch in dispatch.</exception>
    protected void ReportDelivered(int count) => _core.TryDeliverNext_OnLoop(count);

    /// <summary>
    /// Releases the backend. Runs on the loop after the dispatcher has ended: in a stop, and once as clean-up when a running sink fails or is cancelled. What it
    /// throws makes the stop fail (rule L9); as clean-up it is only reported (rule L12).
    /// </summary>
    /// <param name="cancellationToken">Fires when the loop is being torn down; it may have fired already.</param>
    /// <returns>A task that completes when the backend is released.</returns>
    protected virtual ValueTask OnStoppedAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>
    /// Takes the events that were accepted and will not be dispatched, because the sink failed or was cancelled (rule C2): write them elsewhere, or tell. Runs on
    /// the loop, before <see cref="OnStoppedAsync"/>; only when the loop itself is gone, on the thread that tore it down. What it throws is reported. The base
    /// reports the loss to <see cref="SinkDiagnostics.InternalError"/>.
    /// </summary>
    /// <param name="items">The events, in order of acceptance. Never empty.</param>
    /// <param name="cause">What ended the sink.</param>
    /// <returns>A task that completes when the events are taken care of.</returns>
    protected virtual ValueTask OnUndeliveredAsync(IReadOnlyList<TEvent> items, SinkException cause)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(cause);
        SinkDiagnostics.Report(
            $"sink '{_core.Identity.Name}'",
            new SinkException(
                cause.Reason,
                $"{items.Count} accepted events were not delivered, because: {ErrorText.Of(cause)} Override OnUndeliveredAsync to save them.",
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["undelivered"] = items.Count },
                cause));
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Whether the places that <see cref="SinkOptions.ReserveCount"/> keeps may be used for this event. Called by <see cref="Log"/> and <see cref="TryLog"/> on the
    /// caller's thread, and only where places are kept; it must be quick. What it throws, they throw, and nothing is counted.
    /// </summary>
    /// <param name="item">The event.</param>
    /// <returns>Whether it may. The base: no.</returns>
    protected virtual bool MayUseReserve(TEvent item) => false;

    /// <summary>
    /// Makes the event that tells the backend of dropped ones, at the place where they are missing. Called on the loop, under
    /// <see cref="SinkOptions.AnnounceLoss"/> only. The event is dispatched like any other, but it is nobody's: the ledger and <see cref="Dispatches"/> leave it out.
    /// </summary>
    /// <param name="lost">How many events are missing.</param>
    /// <param name="item">The event.</param>
    /// <returns>Whether one was made. The base: no.</returns>
    protected virtual bool TryCreateLossEvent(long lost, [MaybeNullWhen(false)] out TEvent item)
    {
        item = default;
        return false;
    }

    /// <summary>The sink's name and state.</summary>
    /// <returns>For instance <c>audit (Running)</c>.</returns>
    public override string ToString() => $"{_core.Identity.Name} ({State})";

    internal ValueTask Dispatch(TEvent item, CancellationToken cancellationToken) => DispatchAsync(item, cancellationToken);

    internal ValueTask DispatchBatch(ReadOnlyMemory<TEvent> batch, CancellationToken cancellationToken) => DispatchBatchAsync(batch, cancellationToken);

    /// <summary>Whether batches matter to this sink although they may hold one event only.</summary>
    internal bool OverridesBatchDispatch =>
        ((Func<ReadOnlyMemory<TEvent>, CancellationToken, ValueTask>)DispatchBatchAsync).Method.DeclaringType != typeof(AsyncSink<TEvent>);

    internal bool OverridesMayUseReserve => ((Func<TEvent, bool>)MayUseReserve).Method.DeclaringType != typeof(AsyncSink<TEvent>);

    internal bool OverridesLossEvent => ((LossEventFactory)TryCreateLossEvent).Method.DeclaringType != typeof(AsyncSink<TEvent>);

    internal bool TryCreateLoss(long lost, [MaybeNullWhen(false)] out TEvent item) => TryCreateLossEvent(lost, out item);

    /// <summary>The time by the sink's clock.</summary>
    internal DateTimeOffset Now() => _core.Identity.Now();

    /// <summary>Counts an event as offered and dropped or rejected, for a reason outside the model.</summary>
    internal void TurnAway(TEvent item, AdmissionVerdict verdict, Func<Exception> error) => _core.TurnAway(item, verdict, error);

    /// <summary>Marks the flow of this sink's dispatches and hooks from now on.</summary>
    internal void Follow() => _core.Follow();

    internal ValueTask RunStarting(CancellationToken cancellationToken) => OnStartingAsync(cancellationToken);

    internal ValueTask RunStopped(CancellationToken cancellationToken) => OnStoppedAsync(cancellationToken);

    internal ValueTask RunUndelivered(IReadOnlyList<TEvent> items, SinkException cause) => OnUndeliveredAsync(items, cause);

    Task ILoopBound.WhenAtRest() => _core.Driver.WhenAtRest();

    TimeSpan ILoopBound.StopBudget => _core.Options.StopBudget;

    SinkWaitHandle? ILoopBound.StartInProgress() => _core.Driver.StartInProgress();

    void ILoopBound.ForceStop(TimeSpan budget)
    {
        _core.Driver.SpendBudget(budget);
        _core.Driver.GiveUp(budget);
    }

    TimeSpan? ILoopBound.DispatchAge() => _core.DispatchAge();

    bool ILoopBound.TryClose() => _core.TryClose();

    private long LimitFor(TEvent item) => _reserve == 0 ? _limit : Admission.Limit(_queue.Limit, _reserve, MayUseReserve(item));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LogSlowly(TEvent item)
    {
        AdmissionVerdict verdict = _core.Persist(item, LimitFor(item), out SinkState state);
        if (verdict != AdmissionVerdict.Accept && _core.Refuse(item, verdict, state, makeError: true) is { } error)
            throw error;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private LogOutcome TryLogSlowly(TEvent item)
    {
        AdmissionVerdict verdict = _core.Persist(item, LimitFor(item), out SinkState state);
        if (verdict != AdmissionVerdict.Accept)
            _core.Refuse(item, verdict, state, makeError: false);
        return Admission.Outcome(verdict);
    }
}
