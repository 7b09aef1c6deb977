namespace Mvx.Sink.Verification;

/// <summary>
/// Several producers on a machine with one processor, where no two calls of Log run at the same moment: one is interrupted in the middle of its calls by others, which
/// sleep in between, since who is woken comes wherever the other one is. It goes on until enough calls have been interrupted, and for a while at most.
/// </summary>
/// <param name="session">The session.</param>
/// <param name="started">When the first of these runs began.</param>
internal sealed class InterruptedProducers<TSink, TEvent>(VerificationSession<TSink, TEvent> session, long started)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    /// <summary>How many interrupted calls show a race.</summary>
    private const int Enough = 100;
    private const int Burst = 5;
    private const int Most = 30_000;

    private int _interrupted;
    private volatile bool _isDone;

    /// <summary>Whether another run, on a new sink, is worth its time.</summary>
    public bool GoesOn =>
        session.Traits.PerEvent < TimeSpan.FromMilliseconds(1)
        && _interrupted < Enough
        && TimeProvider.System.GetElapsedTime(started) < session.Budget * 4;

    /// <summary>Begins a run: to be called before its producers are.</summary>
    public void Begin() => _isDone = false;

    /// <summary>What one producer does; the first is the one that is interrupted.</summary>
    public void Produce(Producer<TSink, TEvent> producer, int index, TimeSpan bound)
    {
        if (index == 0)
        {
            try
            {
                producer.LogPrepared(producer.Prepare(session.EventsFor(0.1, Most)), bound);
            }
            finally
            {
                _isDone = true;
            }

            return;
        }

        using var rest = new ManualResetEventSlim(initialState: false);
        while (!_isDone)
        {
            rest.Wait(1);
            producer.LogPrepared(producer.Prepare(Burst), bound);
        }
    }

    /// <summary>Ends a run: to be called when its producers have ended.</summary>
    public void End(IReadOnlyList<Producer<TSink, TEvent>> producers)
    {
        LoggedEvent<TEvent>[] calls = [.. producers[0].Events];
        foreach (Producer<TSink, TEvent> other in producers.Skip(1))
            _interrupted += CallOverlap.Count(calls, [.. other.Events]);
    }
}
