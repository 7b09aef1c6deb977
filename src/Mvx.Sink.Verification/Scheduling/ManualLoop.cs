using System.Diagnostics.CodeAnalysis;

namespace Mvx.Sink.Verification;

/// <summary>
/// An event loop that runs only when told to. A sink constructed in <see cref="Invoke{T}"/> is bound to it; nothing of the sink then happens except in
/// <see cref="Step"/>, on the calling thread, so that an interleaving can be played and played again. Posting is safe on any thread; stepping is for one thread at
/// a time.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The event is slim and nobody asks for its wait handle, so it holds nothing to release.")]
public sealed class ManualLoop : SynchronizationContext
{
    private readonly Lock _lock = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private readonly ManualResetEventSlim _hasWork = new(initialState: false);
    private int _stepping;

    /// <summary>How many turns are waiting.</summary>
    public int Pending
    {
        get
        {
            lock (_lock)
                return _posted.Count;
        }
    }

    /// <summary>How many turns have been taken.</summary>
    public long Turns { get; private set; }

    /// <summary>The managed id of the thread that is taking a turn, or is in Invoke, right now; 0 between turns.</summary>
    public int CurrentThreadId { get; private set; }

    /// <summary>Runs a function as if on the loop, for instance the construction of a sink.</summary>
    /// <typeparam name="T">The type of its result.</typeparam>
    /// <param name="action">The function.</param>
    /// <returns>Its result.</returns>
    public T Invoke<T>(Func<T> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        SynchronizationContext? previous = Current;
        int previousThread = CurrentThreadId;
        SetSynchronizationContext(this);
        CurrentThreadId = Environment.CurrentManagedThreadId;
        try
        {
            return action();
        }
        finally
        {
            CurrentThreadId = previousThread;
            SetSynchronizationContext(previous);
        }
    }

    /// <summary>Takes one turn: what was posted first. A sink's turn runs its callbacks and dispatches up to the next await.</summary>
    /// <returns>False when nothing was waiting.</returns>
    /// <exception cref="InvalidOperationException">A turn is being taken already.</exception>
    public bool Step()
    {
        (SendOrPostCallback Callback, object? State) work;
        lock (_lock)
        {
            if (!_posted.TryDequeue(out work))
                return false;
            if (_posted.Count == 0)
                _hasWork.Reset();
        }

        if (Interlocked.Exchange(ref _stepping, 1) == 1)
            throw new InvalidOperationException("The loop is already taking a turn: Step is for one thread at a time, and not for inside a turn.");
        try
        {
            Turns++;
            Invoke<object?>(() =>
            {
                work.Callback(work.State);
                return null;
            });
        }
        finally
        {
            Volatile.Write(ref _stepping, 0);
        }

        return true;
    }

    /// <summary>Takes turns until none is waiting.</summary>
    /// <param name="limit">At most so many, against a loop that never comes to rest.</param>
    /// <returns>How many were taken.</returns>
    public int RunUntilIdle(int limit = 100_000)
    {
        int turns = 0;
        while (turns < limit && Step())
            turns++;
        return turns;
    }

    /// <summary>Takes turns, waiting for what other threads post, until a condition holds.</summary>
    /// <param name="condition">Looked at after each turn.</param>
    /// <param name="timeout">How long to try.</param>
    /// <param name="clock">A virtual clock to move to its next timer whenever nothing is posted; null: none.</param>
    /// <returns>Whether the condition holds.</returns>
    public bool RunUntil(Func<bool> condition, TimeSpan timeout, VirtualTimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (Step())
                continue;
            if (TimeProvider.System.GetElapsedTime(start) > timeout)
                return false;
            // Real work of the backend may be about to post; only a loop that stays idle for a moment moves the clock.
            if (!_hasWork.Wait(TimeSpan.FromMilliseconds(2)))
                clock?.AdvanceToNextTimer();
        }

        return true;
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        lock (_lock)
        {
            _posted.Enqueue((d, state));
            _hasWork.Set();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always, outside a turn: waiting for a turn that only the caller can take would deadlock.</exception>
    public override void Send(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        if (CurrentThreadId != Environment.CurrentManagedThreadId)
            throw new NotSupportedException("Send would wait for a turn of the manual loop; Post it and call Step.");
        d(state);
    }

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;
}
