namespace Mvx.Sink.Runtime;

/// <summary>Who waits for which count of finished events. The consumer looks at one number per event.</summary>
internal sealed class FlushBoard(IAdmissionGate gate, LedgerBook ledger)
{
    private readonly Lock _lock = new();
    private readonly List<Waiter> _waiters = [];

    // Written under the lock, read by the consumer after each event: the smallest count waited for.
    private long _next = long.MaxValue;

    /// <summary>Whether somebody waits for a count that is reached. On the loop.</summary>
    public bool IsDue(long settled) => Volatile.Read(ref _next) <= settled;

    /// <summary>Whether anybody waits. On the loop.</summary>
    public bool IsWaitedFor => Volatile.Read(ref _next) != long.MaxValue;

    /// <summary>Puts up one that waits for all events accepted so far.</summary>
    public Waiter Add()
    {
        if (gate.Head is not { } head)
            return Put();
        // No event is dropped while this one is put up, so each is counted once.
        lock (head)
            return Put();
    }

    /// <summary>An accepted event was dropped before its turn. Under the queue's head lock.</summary>
    public void Evicted(long ticket)
    {
        if (!IsWaitedFor)
            return;
        lock (_lock)
        {
            foreach (Waiter waiter in _waiters)
            {
                if (ticket < waiter.Accepted)
                    waiter.Evicted++;
            }
        }
    }

    private Waiter Put()
    {
        long accepted = gate.Gate.Accepted;
        var waiter = new Waiter(accepted) { Evicted = gate.Evicted };
        lock (_lock)
        {
            _waiters.Add(waiter);
            Volatile.Write(ref _next, Math.Min(_next, accepted));
        }

        return waiter;
    }

    /// <summary>Completes those whose count is reached. Any thread.</summary>
    public void CompleteDue()
    {
        long settled = gate.Settled;
        List<Waiter> due;
        lock (_lock)
        {
            due = _waiters.FindAll(waiter => waiter.Accepted <= settled);
            _waiters.RemoveAll(waiter => waiter.Accepted <= settled);
            UpdateNext_NeedsLock();
        }

        foreach (Waiter waiter in due)
            waiter.TrySetResult(FlushReport.Of(waiter.Accepted, waiter.Evicted, ledger.Snapshot()));
    }

    /// <summary>Takes out one that gave up.</summary>
    public void Remove(Waiter waiter)
    {
        lock (_lock)
        {
            _waiters.Remove(waiter);
            UpdateNext_NeedsLock();
        }
    }

    private void UpdateNext_NeedsLock() =>
        Volatile.Write(ref _next, _waiters.Count == 0 ? long.MaxValue : _waiters.Min(static waiter => waiter.Accepted));

    internal sealed class Waiter(long accepted) : TaskCompletionSource<FlushReport>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Accepted => accepted;

        /// <summary>How many of them were dropped before their turn. Under the board's lock, or once this is off the board.</summary>
        public long Evicted { get; set; }
    }
}
