using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Mvx.Sink.Runtime;

/// <summary>
/// The channel whose tail is the gate word: the compare-and-swap that admits an event is the one that claims its slot. Many producers, one
/// consumer, bounded by the pending limit, in order of acceptance. Segments come and go, so memory follows what is pending.
/// </summary>
/// <remarks>
/// The consumer looks at slots, never at the gate, while there is something to read; so the gate's cache line stays with the producers.
/// After a successful swap a producer runs nothing that can fail: the segment is there before it swaps.
/// A sink calls the members below, which inline; <see cref="Channel{TWrite,TRead}.Reader"/> and <see cref="Channel{TWrite,TRead}.Writer"/> are the
/// framework's way in, for a channel on its own.
/// </remarks>
internal sealed class AdmissionChannel<T> : Channel<T>, IStampedQueue, IConsumerPosition
{
    /// <summary>How many drained segments are kept for the next burst, and how much of them while the queue is idle.</summary>
    private const int LargestPool = 512;
    private const int IdleSpareBytes = 24 * 1024;

    /// <summary>What a producer has to do after it has published an event: activate the consumer, stamp the event.</summary>
    private const int Armed = 1;
    private const int Stamped = 2;

    // Set once. Under DropOldest producers take events off the consumer's end, so that end has a lock; under Wait producers wait for room.
    private readonly Lock? _head;
    private readonly RoomSignal? _room;
    private readonly bool _finishesAlone;
    private readonly int _idleSpare;
    private readonly long _limit;
    private readonly QueueOverflowPolicy _policy;
    private readonly AdmissionVerdict _atLimit;
    private readonly Slot<T>[]?[] _directory;
    private readonly SegmentPool<T> _pool;
    private readonly int _shift;
    private readonly int _slotMask;
    private readonly int _directoryMask;

    // Written by producers, rarely: a figure of _completed that is old but safe.
    private long _completedSeen;

    // Written by producers, and by steps of the lifecycle.
    private PaddedLong _gate;

    // Written by both sides, rarely: Armed while the consumer wants to be activated, Stamped while somebody wants to know the times of the events.
    private PaddedInt _armed;
    private volatile EnqueueStamps? _stamps;

    // Written by the consumer: how many accepted events are finished.
    private PaddedLong _completed;

    // Owned by the consumer. The count changes with every event, so it is kept away from what producers read; the segment changes rarely.
    private PaddedLong _taken;
    private Slot<T>[]? _readSegment;

    // Under the head's lock: how many were dropped after they had been accepted.
    private long _evicted;

    // Written by the consumer, where there is a head lock: all events before this ticket are finished.
    private long _settled;
    private long _lastTaken;

    /// <param name="limit">The pending limit, at least 1.</param>
    /// <param name="policy">What the gate says at the limit.</param>
    /// <param name="initial">The gate to begin with.</param>
    public AdmissionChannel(long limit, QueueOverflowPolicy policy, Gate initial)
    {
        _limit = limit;
        _policy = policy;
        _atLimit = Admission.AtLimit(policy);
        _head = policy == QueueOverflowPolicy.DropOldest ? new Lock() : null;
        _room = policy == QueueOverflowPolicy.Wait ? new RoomSignal() : null;
        _finishesAlone = _head is null && _room is null;
        _gate.Value = initial.Word;
        QueueGeometry geometry = QueueGeometry.For<T>(limit);
        _shift = geometry.SegmentShift;
        _slotMask = geometry.SegmentSize - 1;
        _directoryMask = geometry.DirectorySize - 1;
        _directory = new Slot<T>[]?[geometry.DirectorySize];
        _pool = new SegmentPool<T>(geometry.SegmentSize, Math.Min(geometry.DirectorySize, LargestPool));
        _idleSpare = Math.Max(2, IdleSpareBytes / (geometry.SegmentSize * Unsafe.SizeOf<Slot<T>>()));
        var completion = new ChannelCompletion<T>(this);
        Reader = completion.Reader;
        Writer = completion.Writer;
    }

    public long Limit => _limit;

    public QueueOverflowPolicy Policy => _policy;

    public Gate Gate => new(Volatile.Read(ref _gate.Value));

    public long Completed => Volatile.Read(ref _completed.Value);

    /// <summary>Called by a producer that finds the consumer armed, after disarming it. Set once, before the queue is shared.</summary>
    public Action? Activate { get; set; }

    /// <summary>Called, under the head's lock, with the ticket of an event that was dropped after it had been accepted. Set once.</summary>
    public Action<long>? OnEvicted { get; set; }

    /// <summary>The ticket of the event that the consumer took last. Consumer only.</summary>
    public long LastTaken => _head is null ? _taken.Value - 1 : _lastTaken;

    /// <summary>How many events have left the queue. Consumer only, or any thread for a figure that may be old.</summary>
    public long Taken => Volatile.Read(ref _taken.Value);

    public long Accepted => Gate.Accepted;

    public long Evicted => Volatile.Read(ref _evicted);

    public Lock? Head => _head;

    public long Settled => _head is null ? Completed : Volatile.Read(ref _settled);

    public bool TrySwap(Gate expected, Gate next)
    {
        if (Interlocked.CompareExchange(ref _gate.Value, next.Word, expected.Word) != expected.Word)
            return false;
        if (!next.Accepts)
            _room?.SignalAll();
        return true;
    }

    /// <summary>Counts taken events as finished. Consumer only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(long count)
    {
        if (_finishesAlone)
            Volatile.Write(ref _completed.Value, _completed.Value + count);
        else
            FinishSlowly(count);
    }

    /// <summary>Nothing is in dispatch: all that has left the queue is finished. Consumer only.</summary>
    public void Settle()
    {
        if (_head is not null)
            Volatile.Write(ref _settled, Taken);
    }

    /// <summary>
    /// Offers an event in a single attempt, which is all that most need. Any thread; never blocks. False, with nothing done: ask <see cref="Offer"/>, because
    /// somebody came in between, a segment is missing, or the limit was reached a while ago.
    /// </summary>
    /// <param name="item">The event.</param>
    /// <param name="limit">The limit that holds for it.</param>
    /// <param name="verdict">The verdict.</param>
    /// <remarks>There is no loop and no call that comes back, so that it inlines into few registers.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryOfferOnce(T item, long limit, out AdmissionVerdict verdict)
    {
        var seen = new Gate(Volatile.Read(ref _gate.Value));
        long completed = Volatile.Read(ref _completedSeen);
        verdict = Admission.Judge(seen, completed, limit, _atLimit);
        if (verdict != AdmissionVerdict.Accept)
            return Completed == completed;
        long ticket = seen.Accepted;
        Slot<T>[]? segment = Volatile.Read(ref _directory[(int)(ticket >> _shift) & _directoryMask]);
        if (segment is null || Interlocked.CompareExchange(ref _gate.Value, seen.PlusOne.Word, seen.Word) != seen.Word)
            return false;
        Publish(segment, ticket, item);
        return true;
    }

    /// <summary>
    /// Offers an event. Any thread; never blocks. A virgin gate's answer is AcceptAndStart with nothing done: starting is a step of
    /// the lifecycle, so its owner carries it out with <see cref="TryAccept"/>.
    /// </summary>
    /// <param name="item">The event.</param>
    /// <param name="limit">The limit that holds for it: the pending limit, or less where the last places are kept for others.</param>
    /// <param name="seen">The gate that the verdict is about.</param>
    public AdmissionVerdict Offer(T item, long limit, out Gate seen)
    {
        while (true)
        {
            seen = new Gate(Volatile.Read(ref _gate.Value));
            long completed = Volatile.Read(ref _completedSeen);
            AdmissionDecision decision = Admission.Offer(seen, completed, limit, _policy);
            if (decision.Verdict == AdmissionVerdict.Accept)
            {
                if (TryAccept(seen, decision.Next, item))
                    return AdmissionVerdict.Accept;
            }
            else if (decision.Verdict is AdmissionVerdict.AcceptAndStart or AdmissionVerdict.Refuse || Completed == completed)
            {
                return decision.Verdict;
            }
            else
            {
                CatchUp(completed);
            }
        }
    }

    /// <summary>Swaps in a gate that accepts one event more, and publishes the event in the slot so claimed. False when the gate has moved on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAccept(Gate seen, Gate next, T item)
    {
        long ticket = seen.Accepted;
        Slot<T>[] segment = Volatile.Read(ref _directory[(int)(ticket >> _shift) & _directoryMask]) ?? Provide(ticket);
        if (Interlocked.CompareExchange(ref _gate.Value, next.Word, seen.Word) != seen.Word)
            return false;

        Publish(segment, ticket, item);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Publish(Slot<T>[] segment, long ticket, T item)
    {
        QueueProbe.BetweenClaimAndPublish();
        ref Slot<T> slot = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(segment), (nint)((int)ticket & _slotMask));
        slot.Item = item;
        Volatile.Write(ref slot.Published, 1);

        // The swap above is a full fence, and the consumer arms before it looks at the gate: one of the two sees the other.
        int duties = Volatile.Read(ref _armed.Value);
        if (duties != 0)
            DoDuties(duties, ticket);
    }

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

    /// <summary>Has the consumer look again although no event has come.</summary>
    public void Nudge()
    {
        Interlocked.MemoryBarrier();
        if ((Volatile.Read(ref _armed.Value) & Armed) != 0)
            DoDuties(Armed, ticket: 0);
    }

    /// <summary>Takes the next event, in order of acceptance. Consumer only. False when the next one is not published yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(out T item) => _head is null ? TryTakeAlone(out item) : TryTakeShared(out item);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTakeAlone(out T item)
    {
        int index = (int)_taken.Value & _slotMask;
        Slot<T>[]? segment = _readSegment;
        if (segment is null)
        {
            segment = Volatile.Read(ref _directory[(int)(_taken.Value >> _shift) & _directoryMask]);
            if (segment is null)
            {
                item = default!;
                return false;
            }

            _readSegment = segment;
        }

        ref Slot<T> slot = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(segment), (nint)index);
        if (Volatile.Read(ref slot.Published) == 0)
        {
            item = default!;
            return false;
        }

        item = slot.Item;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
            slot.Item = default!;
        slot.Published = 0;
        _taken.Value++;
        if (index == _slotMask)
            LeaveSegment(segment);
        return true;
    }

    /// <summary>
    /// Asks producers to activate the consumer. Consumer only. False when an event has been claimed already, so that the consumer must look
    /// again.
    /// </summary>
    public bool TryArm()
    {
        Interlocked.Or(ref _armed.Value, Armed);
        Interlocked.MemoryBarrier();
        if (Gate.Accepted == _taken.Value)
        {
            _pool.Trim(_idleSpare);
            return true;
        }

        Disarm();
        return false;
    }

    /// <summary>Takes back the request to be activated. Consumer only.</summary>
    public void Disarm() => Interlocked.And(ref _armed.Value, ~Armed);

    public void SetStamps(EnqueueStamps? stamps)
    {
        if (stamps is null)
            Interlocked.And(ref _armed.Value, ~Stamped);
        _stamps = stamps;
        if (stamps is not null)
            Interlocked.Or(ref _armed.Value, Stamped);
        Interlocked.MemoryBarrier();
    }

    /// <summary>Whether the next event is published. Consumer only.</summary>
    public bool TryPeek(out T item)
    {
        if (_head is null)
            return TryPeekAlone(out item);
        lock (_head)
            return TryPeekAlone(out item);
    }

    private bool TryPeekAlone(out T item)
    {
        Slot<T>[]? segment = _readSegment ?? Volatile.Read(ref _directory[(int)(_taken.Value >> _shift) & _directoryMask]);
        if (segment is null || Volatile.Read(ref segment[(int)_taken.Value & _slotMask].Published) == 0)
        {
            item = default!;
            return false;
        }

        item = segment[(int)_taken.Value & _slotMask].Item;
        return true;
    }

    /// <summary>More events are finished than was known when the model said that the limit is reached: it must be asked again.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CatchUp(long known) => Interlocked.CompareExchange(ref _completedSeen, Completed, known);

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
        _evicted++;
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void DoDuties(int duties, long ticket)
    {
        if ((duties & Stamped) != 0)
            _stamps?.Stamp(ticket);
        if ((duties & Armed) != 0 && (Interlocked.And(ref _armed.Value, ~Armed) & Armed) != 0)
            Activate?.Invoke();
    }

    /// <summary>Puts the segment of a ticket in its place, before the ticket is claimed.</summary>
    /// <remarks>
    /// A producer that is late puts a segment in a place nobody uses now; it stays there, empty, for the next round. The place cannot still
    /// hold the segment of the round before: the limit check has shown that events two segments beyond that one are finished.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Slot<T>[] Provide(long ticket)
    {
        ref Slot<T>[]? place = ref _directory[(int)(ticket >> _shift) & _directoryMask];
        Slot<T>[] fresh = _pool.Take();
        Slot<T>[]? present = Interlocked.CompareExchange(ref place, fresh, null);
        if (present is null)
            return fresh;
        _pool.Return(fresh);
        return present;
    }

    private void LeaveSegment(Slot<T>[] segment)
    {
        Debug.Assert(_readSegment == segment, "the consumer leaves the segment it reads");
        _readSegment = null;
        Volatile.Write(ref _directory[(int)((_taken.Value - 1) >> _shift) & _directoryMask], null);
        _pool.Return(segment);
    }
}
