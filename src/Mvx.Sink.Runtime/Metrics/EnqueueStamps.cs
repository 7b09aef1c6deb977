using System.Numerics;

namespace Mvx.Sink.Runtime;

/// <summary>
/// When the events that are pending were accepted, by their tickets, in a fixed 12 KB whatever the limit is: the exact time of the last 256 events, and the
/// time of every n-th event over the whole limit, between which the others are interpolated. Exists while somebody wants to know.
/// </summary>
/// <remarks>
/// A producer stamps its event just after it has published it, so the consumer can be faster. An event that should have a stamp and has none yet is taken to be
/// accepted now. That is short by what the producer loses to the operating system between the two steps.
/// </remarks>
internal sealed class EnqueueStamps
{
    private const int Size = 256;

    private readonly SinkStopwatch _clock;
    private readonly Cell[] _last = New();
    private readonly Cell[]? _sampled;
    private readonly int _shift;

    // Written once, after producers have begun to stamp; the ticket last.
    private long _sinceTime;
    private long _sinceTicket = long.MaxValue;

    public EnqueueStamps(SinkStopwatch clock, long limit)
    {
        _clock = clock;
        int bits = 64 - BitOperations.LeadingZeroCount((ulong)(limit - 1));
        if (bits <= 8)
            return;
        // Half the cells cover the limit, so that a sample outlives every event before it.
        _shift = bits - 7;
        _sampled = New();
    }

    /// <summary>Events from this ticket on have stamps; those before were accepted no later than this time.</summary>
    public void BeginAt(long ticket, long time)
    {
        _sinceTime = time;
        Volatile.Write(ref _sinceTicket, ticket);
    }

    /// <summary>Stamps an event. Its producer only.</summary>
    public void Stamp(long ticket)
    {
        long now = _clock.Now();
        if (now == SinkStopwatch.Unknown)
            return;
        _last[ticket & (Size - 1)].Set(ticket, now);
        if (_sampled is not null && (ticket & ((1L << _shift) - 1)) == 0)
            _sampled[(ticket >> _shift) & (Size - 1)].Set(ticket, now);
    }

    /// <summary>When a pending event was accepted; <see cref="SinkStopwatch.Unknown"/> when nobody looked then. Any thread.</summary>
    public long TimeOf(long ticket, long now)
    {
        if (ticket < Volatile.Read(ref _sinceTicket))
            return SinkStopwatch.Unknown;
        long stamped = _last[ticket & (Size - 1)].Get(out long time);
        return stamped == ticket ? time : stamped < ticket ? now : Interpolate(ticket, stamped, time);
    }

    /// <summary>The latest time at which a pending event can have been accepted. Any thread.</summary>
    public long NoLaterThan(long ticket, long now)
    {
        long since = Volatile.Read(ref _sinceTicket);
        return since == long.MaxValue ? SinkStopwatch.Unknown : ticket < since ? _sinceTime : TimeOf(ticket, now);
    }

    /// <summary>The time of an event between a sample before it and one after it, or, where that is still to come, a later event with an exact time.</summary>
    private long Interpolate(long ticket, long later, long laterTime)
    {
        if (_sampled is null)
            return SinkStopwatch.Unknown;
        long floor = ticket >> _shift << _shift;
        long ceiling = floor + (1L << _shift);
        long first = Math.Max(floor, _sinceTicket);
        long earliest = _sinceTime;
        if (first == floor && _sampled[(floor >> _shift) & (Size - 1)].Get(out earliest) != floor)
            return SinkStopwatch.Unknown;
        if (_sampled[(ceiling >> _shift) & (Size - 1)].Get(out long latest) != ceiling)
            (ceiling, latest) = (later, laterTime);
        return earliest + (long)((double)(latest - earliest) * (ticket - first) / (ceiling - first));
    }

    private static Cell[] New()
    {
        var cells = new Cell[Size];
        Array.Fill(cells, Cell.Empty);
        return cells;
    }

    /// <summary>One stamp. A reader that meets a writer sees no ticket of its own, or, should two writers meet 256 events apart, a time that is off.</summary>
    private struct Cell
    {
        public static readonly Cell Empty = new() { _ticket = -1 };

        private long _ticket;
        private long _time;

        public void Set(long ticket, long time)
        {
            Volatile.Write(ref _time, time);
            Volatile.Write(ref _ticket, ticket);
        }

        public readonly long Get(out long time)
        {
            long ticket = Volatile.Read(in _ticket);
            time = Volatile.Read(in _time);
            return ticket;
        }
    }
}
