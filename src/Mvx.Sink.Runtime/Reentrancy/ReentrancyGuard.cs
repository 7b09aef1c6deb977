namespace Mvx.Sink.Runtime;

/// <summary>
/// Stands before a sink whose backend may log to that very sink (an HTTP client that logs its requests, say), and keeps it from feeding itself for ever. What the
/// sink's hooks and dispatches start is recognised wherever their flow goes: across awaits, on the thread pool, on the backend's threads, until the hook or the
/// dispatch is over. What goes on after it is not. Nor is followed what the backend does with a suppressed flow, or in another process. Any thread may use it; sinks
/// without one pay nothing.
/// </summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
public sealed class ReentrancyGuard<TEvent> : ISink<TEvent>
    where TEvent : notnull
{
    private readonly AsyncSink<TEvent> _sink;
    private readonly ISink<TEvent>? _fallback;
    private readonly Func<Exception> _error;
    private long _reentered;

    /// <summary>Guards a sink from now on.</summary>
    /// <param name="sink">The sink.</param>
    /// <param name="policy">What happens to an event that a sink's own work gave rise to.</param>
    /// <param name="fallback">Where such events go under <see cref="ReentrancyPolicy.Fallback"/>.</param>
    /// <param name="scope">Whose work counts.</param>
    /// <exception cref="ArgumentNullException">The sink is null, or the policy is Fallback and there is none.</exception>
    /// <exception cref="ArgumentException">The fallback is the guarded sink.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The policy or the scope is not one of the enum's.</exception>
    public ReentrancyGuard(
        AsyncSink<TEvent> sink,
        ReentrancyPolicy policy = ReentrancyPolicy.Drop,
        ISink<TEvent>? fallback = null,
        ReentrancyScope scope = ReentrancyScope.AnyGuardedSink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (!Enum.IsDefined(policy))
            throw new ArgumentOutOfRangeException(nameof(policy), policy, $"policy must be one of {string.Join(", ", Enum.GetNames<ReentrancyPolicy>())}.");
        if (!Enum.IsDefined(scope))
            throw new ArgumentOutOfRangeException(nameof(scope), scope, $"scope must be one of {string.Join(", ", Enum.GetNames<ReentrancyScope>())}.");
        if (policy == ReentrancyPolicy.Fallback && fallback is null)
            throw new ArgumentNullException(nameof(fallback), "The policy is Fallback; say where the events go instead.");
        if (ReferenceEquals(fallback, sink))
            throw new ArgumentException("The fallback is the guarded sink itself; it must be another one.", nameof(fallback));
        _sink = sink;
        _fallback = fallback;
        _error = Error;
        Policy = policy;
        Scope = scope;
        sink.Follow();
    }

    /// <summary>What happens to an event that a sink's own work gave rise to.</summary>
    public ReentrancyPolicy Policy { get; }

    /// <summary>Whose work counts.</summary>
    public ReentrancyScope Scope { get; }

    /// <summary>How many events came from the work of a sink, whatever became of them.</summary>
    public long Reentered => Interlocked.Read(ref _reentered);

    /// <summary>Whether the caller's flow comes from the work of a sink.</summary>
    public bool IsReentrant => SinkFlow.Work is { } work && (Scope == ReentrancyScope.AnyGuardedSink || ReferenceEquals(work.Sink, _sink));

    /// <summary>Logs the event to the sink as <see cref="AsyncSink{TEvent}.Log"/> does, or treats it as the policy says.</summary>
    /// <param name="item">The event.</param>
    /// <exception cref="ArgumentNullException">The event is null.</exception>
    /// <exception cref="SinkReentrancyException">The caller's flow comes from the work of a sink, and the policy is Throw.</exception>
    /// <exception cref="SinkException">The sink refused it; see <see cref="AsyncSink{TEvent}.Log"/>.</exception>
    public void Log(TEvent item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (IsReentrant)
            Divert(item);
        else
            _sink.Log(item);
    }

    /// <summary>Like <see cref="Log"/>, but tells of the sink's refusal instead of throwing it.</summary>
    /// <param name="item">The event.</param>
    /// <returns>The sink's answer; Dropped for an event that the policy dropped or gave to the fallback.</returns>
    /// <exception cref="ArgumentNullException">The event is null.</exception>
    /// <exception cref="SinkReentrancyException">The caller's flow comes from the work of a sink, and the policy is Throw.</exception>
    public LogOutcome TryLog(TEvent item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (!IsReentrant)
            return _sink.TryLog(item);
        Divert(item);
        return LogOutcome.Dropped;
    }

    private SinkReentrancyException Error() => new(((ILoopBound)_sink).Name);

    private void Divert(TEvent item)
    {
        Interlocked.Increment(ref _reentered);
        switch (Policy)
        {
            case ReentrancyPolicy.Fallback:
                _fallback!.Log(item);
                break;
            case ReentrancyPolicy.Throw:
                SinkReentrancyException error = Error();
                _sink.TurnAway(item, AdmissionVerdict.Refuse, () => error);
                throw error;
            default:
                _sink.TurnAway(item, AdmissionVerdict.Drop, _error);
                break;
        }
    }
}
