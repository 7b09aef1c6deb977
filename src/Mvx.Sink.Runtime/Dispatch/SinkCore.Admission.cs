using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Mvx.Sink.Runtime;

// What a caller of Log comes to when its event is not accepted at once: starting the sink, making room, waiting, and being turned away.
internal sealed partial class SinkCore<TEvent>
{
    private readonly Lock _quietness = new();

    // Whether nothing but a count is left to do about the next event that is turned away at the limit: the meter has seen the limit reached, and nobody
    // else is to be told. Set by whoever turns one away, taken back by whoever subscribes; written under the lock, read without it.
    private bool _turnsAwayQuietly;

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

    /// <summary>Counts that an event is turned away at the limit, by a verdict of Drop or Overflow. False, with nothing done, when there is more to do about it than that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTurnAwayQuietly(AdmissionVerdict verdict)
    {
        if (!Volatile.Read(ref _turnsAwayQuietly))
            return false;
        _ledger.CountTurnedAway(verdict);
        return true;
    }

    /// <summary>Counts a refusal and tells of it. Returns the error that <c>Log</c> throws; null where it does not throw.</summary>
    public SinkException? Refuse(TEvent item, AdmissionVerdict verdict, SinkState state, bool makeError)
    {
        if (verdict == AdmissionVerdict.Drop)
        {
            Drop(item);
            return null;
        }

        _ledger.CountTurnedAway(verdict);
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
        _ledger.CountTurnedAway(AdmissionVerdict.Drop);
        SeeLimit();
        _losses?.NoteDropped();
        if (Feed.IsWatched)
            Feed.Tell(SinkDispatchKind.Dropped, item);
    }

    /// <summary>Counts and tells a refusal that somebody before the sink has decided; why, is asked only where somebody is told.</summary>
    public void TurnAway(TEvent item, AdmissionVerdict verdict, Func<Exception> error)
    {
        _ledger.CountTurnedAway(verdict);
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
            Volatile.Write(ref _turnsAwayQuietly, false);
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
        if (_losses is not null || Feed.IsWatched || Volatile.Read(ref _turnsAwayQuietly))
            return;
        lock (_quietness)
            Volatile.Write(ref _turnsAwayQuietly, !Feed.IsWatched);
    }
}
