using System.Runtime.CompilerServices;

namespace Mvx.Sink.Runtime;

// What only DropOldest and Wait need: a consumer's end that producers reach too, under the head's lock, and room that is waited for.
internal sealed partial class AdmissionChannel<T>
{
    /// <summary>Called, under the head's lock, with the ticket of an event that was dropped after it had been accepted. Set once.</summary>
    public Action<long>? OnEvicted { get; set; }

    public long Evicted => Volatile.Read(ref _evicted);

    public Lock? Head => _head;

    public long Settled => _head is null ? Completed : Volatile.Read(ref _settled);

    /// <summary>
    /// Offers an event under DropOldest: at the limit the oldest that waits goes and this one comes, in one breath for whoever looks at the ledger. Any thread.
    /// </summary>
    /// <param name="item">The event.</param>
    /// <param name="limit">The limit that holds for it.</param>
    /// <param name="seen">The gate that the verdict is about.</param>
    /// <param name="evicted">The event that was dropped for it, if the verdict is MakeRoom.</param>
    public AdmissionVerdict Replace(T item, long limit, out Gate seen, out T evicted)
    {
        evicted = default!;
        lock (_head!)
        {
            while (true)
            {
                seen = Gate;
                AdmissionDecision decision = Admission.Offer(seen, Completed, limit, _policy);
                if (decision.Verdict == AdmissionVerdict.MakeRoom)
                    decision = Admission.MakeRoom(seen, _taken.Value);
                if (decision.Verdict is not (AdmissionVerdict.Accept or AdmissionVerdict.MakeRoom))
                    return decision.Verdict;
                if (!TryAccept(seen, decision.Next, item))
                    continue;
                if (decision.Verdict == AdmissionVerdict.MakeRoom)
                    evicted = Evict();
                return decision.Verdict;
            }
        }
    }

    /// <summary>
    /// Blocks until there may be room, until the gate accepts no more, or until the time is up; the caller offers again in any case. Wait policy only; any
    /// thread but the consumer's.
    /// </summary>
    public void WaitForRoom(long limit, TimeSpan time)
    {
        if (limit < _limit)
            _room!.WakeAllFromNowOn();
        _room!.Wait(() => !Gate.Accepts || Gate.Accepted - Completed < limit, time);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryTakeShared(out T item)
    {
        lock (_head!)
        {
            _lastTaken = _taken.Value;
            return TryTakeAlone(out item);
        }
    }

    private T Evict()
    {
        long ticket = _taken.Value;
        var spin = new SpinWait();
        T item;
        while (!TryTakeAlone(out item))
            spin.SpinOnce(sleep1Threshold: -1); // its producer is between claiming the slot and publishing the event
        Volatile.Write(ref _evicted, _evicted + 1);
        OnEvicted?.Invoke(ticket);
        Interlocked.Increment(ref _completed.Value);
        return item;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FinishSlowly(long count)
    {
        Interlocked.Add(ref _completed.Value, count);
        _room?.Signal(count);
    }
}
