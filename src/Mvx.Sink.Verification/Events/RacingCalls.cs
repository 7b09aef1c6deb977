namespace Mvx.Sink.Verification;

/// <summary>Calls of Log on a thread of their own, one right after the other, until one is refused for good; and something else done in the middle of them.</summary>
/// <param name="producer">The producer; it logs nothing else.</param>
/// <param name="most">So many calls at most.</param>
/// <param name="enough">What is done in the middle is done when so many have begun.</param>
/// <param name="pause">And so many ticks later, so that it does not meet all calls at the same point.</param>
internal sealed class RacingCalls<TSink, TEvent>(Producer<TSink, TEvent> producer, int most, int enough, long pause)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    /// <summary>Events are made in portions, so that nothing comes between most calls; the first is enough for what takes its turn at once.</summary>
    private const int First = 2_048;
    private const int Portion = 256;

    /// <summary>There are many races; some may begin a little apart.</summary>
    private static readonly TimeSpan _longestMeeting = TimeSpan.FromMilliseconds(6);

    private static readonly TimeSpan _longestRace = TimeSpan.FromMilliseconds(200);

    /// <summary>Who spins for longer takes the processor from whom it waits for.</summary>
    private static readonly TimeSpan _spin = Environment.ProcessorCount > 1 ? TimeSpan.FromMilliseconds(2) : TimeSpan.Zero;

    private readonly Thrown _thrown = new();
    private Thread? _thread;
    private int _begun;
    private volatile bool _ended;

    /// <summary>Those that were made. To be read when the thread has ended.</summary>
    public IEnumerable<LoggedEvent<TEvent>> Made => producer.Events.Take(_begun);

    /// <summary>Lets the calls begin and does something in the middle of them.</summary>
    /// <returns>When it was begun, and when it had returned.</returns>
    public (long Asked, long Answered) Close(Action close)
    {
        LoggedEvent<TEvent>[] first = producer.Prepare(Math.Min(First, most));
        var line = new StartLine(2);
        _thread = new Thread(() => _thrown.Run(() =>
        {
            try
            {
                line.MeetClosely(0, _longestMeeting, out _);
                Make(first);
            }
            finally
            {
                _ended = true;
            }
        }))
        { IsBackground = true };
        _thread.UnsafeStart();
        line.MeetClosely(1, _longestMeeting, out _);
        WaitForTheMiddle();
        long asked = TimeProvider.System.GetTimestamp();
        close();
        return (asked, TimeProvider.System.GetTimestamp());
    }

    /// <summary>Waits until the last call has returned. False: one of them has not.</summary>
    public bool Join(TimeSpan bound)
    {
        if (!_thread!.Join(bound))
            return false;
        _thrown.Throw();
        return true;
    }

    /// <summary>How many calls had begun by then.</summary>
    public int Before(long moment) => Made.Count(call => call.Invoked <= moment);

    /// <summary>Whether a call was under way between two moments.</summary>
    public bool Overlap(long from, long to) => Made.Any(call => call.Invoked < to && call.Returned > from);

    /// <summary>What a call takes, as a rule.</summary>
    public long Typical()
    {
        long[] times = [.. Made.Take(Portion).Select(static call => call.Returned - call.Invoked).Order()];
        return times.Length == 0 ? 0 : times[times.Length / 2];
    }

    private void Make(LoggedEvent<TEvent>[] portion)
    {
        using var rest = new ManualResetEventSlim(initialState: false);
        long since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            foreach (LoggedEvent<TEvent> call in portion)
            {
                Volatile.Write(ref _begun, _begun + 1);
                producer.LogPrepared(call);
                if (call.Strange is not null || call.Outcome == LogOutcome.InvalidState)
                    return;
                if (call.Outcome == LogOutcome.QueueFull)
                    rest.Wait(1);
            }

            if (_begun >= most || TimeProvider.System.GetElapsedTime(since) > _longestRace)
                return;
            portion = producer.Prepare(Math.Min(Portion, most - _begun));
        }
    }

    private void WaitForTheMiddle()
    {
        using var rest = new ManualResetEventSlim(initialState: false);
        long since = TimeProvider.System.GetTimestamp();
        while (Volatile.Read(ref _begun) < enough && !_ended)
        {
            // Who is woken interrupts the other one wherever it is; who yields gets the processor back when its time is over.
            if (TimeProvider.System.GetElapsedTime(since) < _spin)
                Thread.SpinWait(2);
            else
                rest.Wait(1);
        }

        long reached = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetTimestamp() - reached < pause)
            continue;
    }
}
