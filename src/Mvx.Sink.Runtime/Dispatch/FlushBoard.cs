namespace Mvx.Sink.Runtime;

/// <summary>Who waits for which count of finished events. The consumer looks at one number per event.</summary>
internal sealed class FlushBoard(IAdmissionGate gate, LedgerBook ledger)
{
    private readonly Lock _lock = new();
    private readonly List<Waiter> _waiters = [];

    // Written under the lock, read by the consumer after each event: the smallest count waited for.
    private long _next = long.MaxValue;

    /// <summary>Whether somebody waits for a count that is reached. On the loop.</summary>
    public bool IsDue(long completed) => Volatile.Read(ref _next) <= completed;

    /// <summary>Whether anybody waits. On the loop.</summary>
    public bool IsWaitedFor => Volatile.Read(ref _next) != long.MaxValue;

    public Waiter Add(long accepted)
    {
        var waiter = new Waiter(accepted);
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
        long completed = gate.Completed;
        lock (_lock)
        {
            for (int i = _waiters.Count - 1; i >= 0; i--)
            {
                Waiter waiter = _waiters[i];
                if (waiter.Accepted > completed)
                    continue;
                _waiters.RemoveAt(i);
                waiter.TrySetResult(FlushReport.Of(waiter.Accepted, ledger.Snapshot()));
            }

            UpdateNext_NeedsLock();
        }
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
    }
}
