using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Mvx.Sink.Runtime;

// What a caller of Log comes to when its event is not accepted at once: starting the sink, making room, waiting, and being turned away.
internal sealed partial class SinkCore<TEvent>
{
    private readonly Lock _quietness = new();

    // What counts the events that are turned away at the limit, while nothing but that count is left to do about the next one: the meter has seen the limit
    // reached, and nobody else is to be told. Null at other times, and always under the policies that have more to do. The second one is for Log, which throws
    // unless they are dropped. Set by whoever turns one away, taken back by whoever subscribes; written under the lock, read without it.
    private PerThreadCounter? _turnedAwayQuietly;
    private PerThreadCounter? _droppedQuietly;

    /// <summary>What <c>TryLog</c> says of an event that is turned away at the limit, under the policies that do.</summary>
    public LogOutcome OutcomeAtLimit { get; }

    /// <summary>
    /// Offers an event, does what the verdict asks for and offers again, until the event is accepted or finally not: starts a virgin sink, drops the oldest, or waits.
    /// </summary>
    /// <param name="item">The event.</param>
    /// <param name="limit">The limit that holds for it.</param>
    /// <param name="state">The state that the last verdict is about.</param>
    /// <returns>The last verdict.</returns>
    public AdmissionVerdict Persist(TEvent item, long limit, out SinkState state)
    {
        long deadline = 0;
        AdmissionVerdict verdict = Queue.Offer(item, limit, out Gate seen);
        while (true)
        {
            state = seen.State;
            switch (verdict)
            {
                case AdmissionVerdict.AcceptAndStart:
                    if (TryAdmitAndStart(item))
                        return AdmissionVerdict.Accept;
                    verdict = Queue.Offer(item, limit, out seen);
                    break;
                case AdmissionVerdict.MakeRoom:
                    verdict = Queue.Replace(item, limit, out seen, out TEvent evicted);
                    if (verdict == AdmissionVerdict.MakeRoom)
                    {
                        SeeLimit();
                        Feed.Tell(SinkDispatchKind.Dropped, evicted);
                        return AdmissionVerdict.Accept;
                    }

                    break;
                case AdmissionVerdict.Wait:
                    if (!TryWait(limit, ref deadline))
                        return Admission.WithoutWaiting(verdict);
                    verdict = Queue.Offer(item, limit, out seen);
                    break;
                default:
                    return verdict;
            }
        }
    }

    /// <summary>Waits for room once. False when the caller cannot wait, or not any longer.</summary>
    private bool TryWait(long limit, ref long deadline)
    {
        if (Loop.IsCurrent)
            return false;
        TimeSpan left = Options.WaitTimeout;
        if (left != Timeout.InfiniteTimeSpan)
        {
            long now = Stopwatch.GetTimestamp();
            if (deadline == 0)
                deadline = now + (long)(left.TotalSeconds * Stopwatch.Frequency);
            if (now >= deadline)
                return false;
            left = TimeSpan.FromMilliseconds(Math.Ceiling((deadline - now) * 1000.0 / Stopwatch.Frequency));
        }

        Queue.WaitForRoom(limit, left);
        return true;
    }

    /// <summary>Admits the first event of a virgin sink together with the start it causes. False: the sink is not virgin any more.</summary>
    private bool TryAdmitAndStart(TEvent item) => Driver.TryAdmitAndStart(() =>
    {
        while (true)
        {
            Gate seen = Queue.Gate;
            AdmissionDecision decision = Admission.Offer(seen, Queue.Completed, Queue.Limit, Queue.Policy);
            if (decision.Verdict != AdmissionVerdict.AcceptAndStart)
                return false;
            if (Queue.TryAccept(seen, decision.Next, item))
                return true;
        }
    });

    /// <summary>Counts that an event is turned away at the limit, dropped or rejected. False, with nothing done, when there is more to do about it than that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTurnAwayQuietly() => TryCount(ref _turnedAwayQuietly);

    /// <summary>Counts that an event is dropped at the limit. False, with nothing done, when it is not, or there is more to do about it than that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryDropQuietly() => TryCount(ref _droppedQuietly);

    /// <summary>Counts a refusal and tells of it. Returns the error that <c>Log</c> throws; null where it does not throw.</summary>
    public SinkException? Refuse(TEvent item, AdmissionVerdict verdict, SinkState state, bool makeError)
    {
        if (verdict == AdmissionVerdict.Drop)
        {
            Drop(item);
            return null;
        }

        _ledger.TurnedAway(verdict).Increment();
        if (verdict == AdmissionVerdict.Overflow)
            SeeLimit();
        if (!makeError && !Feed.IsWatched)
            return null;
        SinkException error = verdict == AdmissionVerdict.Overflow
            ? new QueueOverflowException((int)Queue.Limit)
            : new InvalidSinkStateException(state, ExpectedStates.ForLog, Driver.LastError);
        if (Feed.IsWatched)
            Feed.Tell(SinkDispatchKind.Rejected, item, error);
        return error;
    }

    /// <summary>Counts and tells that a new event is dropped.</summary>
    public void Drop(TEvent item)
    {
        _ledger.TurnedAway(AdmissionVerdict.Drop).Increment();
        SeeLimit();
        _losses?.NoteDropped();
        if (Feed.IsWatched)
            Feed.Tell(SinkDispatchKind.Dropped, item);
    }

    /// <summary>Counts and tells a refusal that somebody before the sink has decided; why, is asked only where somebody is told.</summary>
    public void TurnAway(TEvent item, AdmissionVerdict verdict, Func<Exception> error)
    {
        _ledger.TurnedAway(verdict).Increment();
        if (!Feed.IsWatched)
            return;
        Exception cause = error();
        SinkDispatchKind kind = verdict == AdmissionVerdict.Drop ? SinkDispatchKind.Dropped : SinkDispatchKind.Rejected;
        Feed.Tell(kind, item, new SinkException(SinkErrorReason.UnexpectedError, ErrorText.Of(cause), innerException: cause));
    }

    private void Evicted(long ticket)
    {
        _flushes.Evicted(ticket);
        _losses?.NoteEvicted();
    }

    private void Watched()
    {
        lock (_quietness)
            CountQuietly(counter: null, drops: false);
        _metered.UpdateStamping();
    }

    /// <summary>As much is pending as may be, or as may be for an ordinary event.</summary>
    private void SeeLimit()
    {
        if (Options.ReserveCount > 0)
        {
            _metered.SeePending();
            return;
        }

        _metered.SeeLimit();
        AdmissionVerdict atLimit = Admission.AtLimit(Queue.Policy);
        if (atLimit is not (AdmissionVerdict.Drop or AdmissionVerdict.Overflow) || _losses is not null || Feed.IsWatched || Volatile.Read(ref _turnedAwayQuietly) is not null)
            return;
        lock (_quietness)
        {
            if (!Feed.IsWatched)
                CountQuietly(_ledger.TurnedAway(atLimit), drops: atLimit == AdmissionVerdict.Drop);
        }
    }

    private void CountQuietly(PerThreadCounter? counter, bool drops)
    {
        Volatile.Write(ref _droppedQuietly, drops ? counter : null);
        Volatile.Write(ref _turnedAwayQuietly, counter);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryCount(ref PerThreadCounter? field)
    {
        if (Volatile.Read(ref field) is not { } counter)
            return false;
        counter.Increment();
        return true;
    }
}
