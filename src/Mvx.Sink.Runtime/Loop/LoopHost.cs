namespace Mvx.Sink.Runtime;

/// <summary>
/// A serial place where hooks and dispatches run: posted callbacks one after the other, and pumps that are looked at while they are hot.
/// Subclasses say what thread that is.
/// </summary>
internal abstract class LoopHost
{
    /// <summary>Pieces of work a pump may do before posted callbacks and other pumps get their turn.</summary>
    private const int Quota = 256;

    [ThreadStatic]
    private static LoopHost? _current;

    // Shared, under the lock.
    private readonly Lock _lock = new();
    private readonly HashSet<ILoopTenant> _tenants = [];
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();

    // Shared, written under the lock and read without it.
    private volatile bool _ended;
    private volatile bool _closing;
    private volatile bool _hasPosted;

    // Owned by the loop.
    private readonly List<ILoopPump> _hot = [];

    protected LoopHost() => Context = new LoopContext(this);

    /// <summary>The context that hooks and dispatches see.</summary>
    public LoopContext Context { get; }

    /// <summary>The place in a registry for whose sink the loop was made; null: for none.</summary>
    public RegisteredSink? CreatedFor { get; init; }

    /// <summary>The loop's name, for diagnostics.</summary>
    public abstract string Name { get; }

    /// <summary>The loop that runs the calling thread right now, or null.</summary>
    public static LoopHost? Current => _current;

    /// <summary>Whether waiting here for something on this loop would deadlock.</summary>
    public virtual bool IsCurrent => ReferenceEquals(_current, this);

    /// <summary>Whether the loop has ended: nothing posted will run.</summary>
    public bool HasEnded => _ended;

    /// <summary>Why it has ended, where nobody asked it to; else null.</summary>
    public EventLoopUnavailableException? EndCause { get; private set; }

    protected bool HasPosted => _hasPosted;

    protected bool IsHot => _hot.Count > 0;

    /// <summary>Runs a callback on the loop, after those posted before it. Any thread; does not block. False when the loop has ended.</summary>
    public bool TryPost(SendOrPostCallback callback, object? state)
    {
        lock (_lock)
        {
            if (_ended)
                return false;
            _posted.Enqueue((callback, state));
            _hasPosted = true;
        }

        return Wake();
    }

    /// <summary>Has the loop look at a pump again. Any thread.</summary>
    public bool Activate(ILoopPump pump) => TryPost(static state => (_current ?? throw new InvalidOperationException()).Heat_OnLoop((ILoopPump)state!), pump);

    /// <summary>Puts a pump into the hot list.</summary>
    public void Heat_OnLoop(ILoopPump pump)
    {
        if (pump.IsHot)
            return;
        pump.IsHot = true;
        _hot.Add(pump);
    }

    /// <summary>Whether the loop waits for the system's time itself, without the thread pool.</summary>
    public virtual bool HasOwnTimers => false;

    /// <summary>Runs a callback on the loop when a time has passed. It cannot be taken back: let the callback see whether it still matters.</summary>
    public virtual void Schedule_OnLoop(TimeProvider clock, TimeSpan due, SendOrPostCallback callback)
    {
        try
        {
            var timer = new LoopTimer(this, callback);
            timer.Start(clock, due);
        }
        catch (Exception error)
        {
            // Somebody else's clock: what it cannot wait for has passed.
            SinkDiagnostics.Report($"TimeProvider of a sink on loop '{Name}'", error);
            TryPost(callback, null);
        }
    }

    /// <summary>The work of a sink on this loop is marked from now on; the mark must not stay behind on a thread that is somebody else's. Any thread; idempotent.</summary>
    public virtual void Follow()
    {
    }

    /// <summary>Takes a sink in. False when the loop is closing or has ended: the sink would not be told.</summary>
    public bool TryRegister(ILoopTenant tenant)
    {
        lock (_lock)
            return !_closing && !_ended && _tenants.Add(tenant);
    }

    public void Unregister(ILoopTenant tenant)
    {
        lock (_lock)
            _tenants.Remove(tenant);
    }

    /// <summary>Takes no more sinks in.</summary>
    protected void CloseToNewTenants()
    {
        lock (_lock)
            _closing = true;
    }

    protected ILoopTenant[] Tenants()
    {
        lock (_lock)
            return [.. _tenants];
    }

    /// <summary>Whether the loop is somebody else's, has been asked to run a turn, and has not begun it. Any thread.</summary>
    public virtual bool HasUnbegunTurn => false;

    /// <summary>Ends a loop that has an unbegun turn: it will not run, and the sinks are told, on another thread. Any thread; false when there is none.</summary>
    /// <param name="patience">How long it was waited for.</param>
    public virtual bool TryGiveUp(TimeSpan patience) => false;

    /// <summary>Has the loop run a turn soon. Any thread. False when that cannot be had.</summary>
    protected abstract bool Wake();

    /// <summary>Makes the loop the calling thread's until the returned scope ends.</summary>
    protected static LoopHost? Enter(LoopHost? host)
    {
        LoopHost? previous = _current;
        _current = host;
        return previous;
    }

    /// <summary>Runs what is posted and gives each hot pump a turn.</summary>
    protected TurnResult RunTurn_OnLoop()
    {
        // A backend may have left another context behind; the awaits of the next hook must not go there.
        if (SynchronizationContext.Current != Context)
            SynchronizationContext.SetSynchronizationContext(Context);
        bool progress = RunPosted_OnLoop();
        bool plenty = false;
        for (int i = 0; i < _hot.Count; i++)
        {
            ILoopPump pump = _hot[i];
            PumpResult result = pump.Pump_OnLoop(Quota);
            progress |= result is PumpResult.More or PumpResult.Worked;
            plenty |= result == PumpResult.More;
            if (result == PumpResult.Detached)
            {
                progress = true;
                RemoveHot_OnLoop(i--);
            }

            if (_hasPosted)
                progress |= RunPosted_OnLoop();
        }

        return plenty ? TurnResult.Plenty : progress ? TurnResult.Some : TurnResult.Nothing;
    }

    /// <summary>How long, in microseconds, the loop may look away from its hot pumps.</summary>
    protected int LongestPause_OnLoop()
    {
        int longest = int.MaxValue;
        foreach (ILoopPump pump in _hot)
            longest = Math.Min(longest, pump.LongestPause);
        return longest;
    }

    /// <summary>Arms every hot pump. False when one of them has work: the loop is not idle.</summary>
    protected bool TryArmAll_OnLoop()
    {
        for (int i = _hot.Count - 1; i >= 0; i--)
        {
            if (!_hot[i].TryArm_OnLoop())
                return false;
            RemoveHot_OnLoop(i);
        }

        return true;
    }

    /// <summary>Ends the loop unless something is posted. After true nothing can be posted any more.</summary>
    protected bool TryEnd()
    {
        lock (_lock)
        {
            if (!_ended && _posted.Count > 0)
                return false;
            _ended = true;
            return true;
        }
    }

    /// <summary>Ends the loop although something may be posted or running. What is posted is not run; who waits for it is told.</summary>
    protected void EndByForce(EventLoopUnavailableException? cause = null)
    {
        (SendOrPostCallback Callback, object? State)[] dropped;
        lock (_lock)
        {
            EndCause ??= cause;
            _ended = true;
            dropped = [.. _posted];
            _posted.Clear();
        }

        foreach ((_, object? state) in dropped)
            (state as IAbandonable)?.Abandon();
    }

    /// <summary>
    /// Tells the sinks that no hook of theirs will answer any more. On a thread of its own: what the sinks' owners do with undelivered events
    /// must not depend on the caller's context, nor hold up a caller of <c>Log</c>.
    /// </summary>
    protected Task TellTenantsTheLoopIsGone() => SinkShutdown.RunAsync(() =>
    {
        foreach (ILoopTenant tenant in Tenants())
            tenant.LoopGone();
    });

    private bool RunPosted_OnLoop()
    {
        if (!_hasPosted)
            return false;
        int due;
        lock (_lock)
            due = _posted.Count;
        bool any = due > 0;
        for (; due > 0; due--)
        {
            // One at a time: when this callback never returns, those behind it can still be taken out and told.
            (SendOrPostCallback Callback, object? State) work;
            lock (_lock)
            {
                if (!_posted.TryDequeue(out work))
                    break;
                _hasPosted = _posted.Count > 0;
            }

            try
            {
                work.Callback(work.State);
            }
            catch (Exception error)
            {
                // Only a callback posted by user code (an async void method, say) can throw; the loop survives it.
                SinkDiagnostics.Report($"callback on loop '{Name}'", error);
            }
        }

        return any;
    }

    private void RemoveHot_OnLoop(int index)
    {
        _hot[index].IsHot = false;
        _hot[index] = _hot[^1];
        _hot.RemoveAt(_hot.Count - 1);
    }
}
