using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mvx.Sink.Runtime;

// The consumer's end: taking events, finishing them, and going to rest until a producer activates it.
internal sealed partial class AdmissionChannel<T>
{
    /// <summary>The ticket of the event that the consumer took last. Consumer only.</summary>
    public long LastTaken => _head is null ? _taken.Value - 1 : _lastTaken;

    /// <summary>How many events have left the queue. Consumer only, or any thread for a figure that may be old.</summary>
    public long Taken => Volatile.Read(ref _taken.Value);

    /// <summary>Counts taken events as finished. Consumer only. Who waits for room is told.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(long count)
    {
        if (_finishesAlone)
            Volatile.Write(ref _completed.Value, _completed.Value + count);
        else
            FinishSlowly(count);
    }

    public void FinishUnarrived(long count) => Interlocked.Add(ref _completed.Value, count);

    /// <summary>Nothing is in dispatch: all that has left the queue is finished. Consumer only.</summary>
    public void Settle()
    {
        if (_head is not null)
            Volatile.Write(ref _settled, Taken);
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
        Volatile.Write(ref _taken.Value, _taken.Value + 1);
        if (index == _slotMask)
            LeaveSegment(segment);
        return true;
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

    /// <summary>Has the consumer look again although no event has come.</summary>
    public void Nudge()
    {
        Interlocked.MemoryBarrier();
        if ((Volatile.Read(ref _armed.Value) & Armed) != 0)
            DoDuties(Armed, ticket: 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void DoDuties(int duties, long ticket)
    {
        if ((duties & Stamped) != 0)
            _stamps?.Stamp(ticket);
        if ((duties & Armed) != 0 && (Interlocked.And(ref _armed.Value, ~Armed) & Armed) != 0)
            Activate?.Invoke();
    }

    private void LeaveSegment(Slot<T>[] segment)
    {
        Debug.Assert(_readSegment == segment, "the consumer leaves the segment it reads");
        _readSegment = null;
        Volatile.Write(ref _directory[(int)((_taken.Value - 1) >> _shift) & _directoryMask], null);
        _pool.Return(segment);
    }
}
