using System.Diagnostics;
using System.Runtime.CompilerServices;
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
internal sealed partial class AdmissionChannel<T> : Channel<T>, IStampedQueue, IConsumerPosition
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

    public long Accepted => Gate.Accepted;

    public bool TrySwap(Gate expected, Gate next)
    {
        if (Interlocked.CompareExchange(ref _gate.Value, next.Word, expected.Word) != expected.Word)
            return false;
        if (!next.Accepts)
            _room?.SignalAll();
        return true;
    }

    /// <summary>
    /// Accepts an event in a single attempt, which is all that most need. Any thread; never blocks. False, with nothing done, when the verdict is another one, or
    /// when it is Accept but somebody came in between or a segment is missing: <see cref="Offer"/> goes on from there.
    /// </summary>
    /// <param name="item">The event.</param>
    /// <param name="limit">The limit that holds for it.</param>
    /// <param name="isAtLimit">Whether the verdict is that of the policy at the limit, and stands.</param>
    /// <remarks>
    /// There is no loop and no call that comes back, so that it inlines into few registers. The two answers of the model are each asked for where they are
    /// acted upon, instead of a verdict that is looked at again and again: so the limit is one comparison and one jump away from a refusal.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAcceptOnce(T item, long limit, out bool isAtLimit)
    {
        var seen = new Gate(Volatile.Read(ref _gate.Value));
        long completed = Volatile.Read(ref _completedSeen);
        if (Admission.IsAtLimit(seen, completed, limit))
        {
            // Read after the gate was, so a verdict that was given on this very figure stands.
            isAtLimit = Volatile.Read(ref _completed.Value) == completed;
            return false;
        }

        isAtLimit = false;
        if (!Admission.Admits(seen, completed, limit))
            return false;
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

    /// <summary>Publishes an event in the slot that the gate's swap has claimed for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Publish(Slot<T>[] segment, long ticket, T item)
    {
        QueueProbe.BetweenClaimAndPublish();
        int index = (int)ticket & _slotMask;
        segment[index].Item = item;
        Volatile.Write(ref segment[index].Published, 1);

        // The swap was a full fence, and the consumer arms before it looks at the gate: one of the two sees the other.
        int duties = Volatile.Read(ref _armed.Value);
        if (duties != 0)
            DoDuties(duties, ticket);
    }

    /// <summary>More events are finished than was known when the model said that the limit is reached: it must be asked again.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CatchUp(long known) => Interlocked.CompareExchange(ref _completedSeen, Completed, known);

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
}
