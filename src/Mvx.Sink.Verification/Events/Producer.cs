namespace Mvx.Sink.Verification;

/// <summary>Logs numbered events, on one thread at a time, and remembers them.</summary>
internal sealed class Producer<TSink, TEvent>(VerificationSession<TSink, TEvent> session, TSink sink)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    private static int _last;

    private readonly SinkSpecification<TSink, TEvent> _specification = session.Specification;
    private readonly CallWatch.Caller _caller = session.Calls.Add();

    public int Id { get; } = Interlocked.Increment(ref _last);

    public List<LoggedEvent<TEvent>> Events { get; } = [];

    /// <summary>Whether nothing that was accepted is still on its way to the backend, as far as the sink tells.</summary>
    public bool IsDone => sink.Ledger.Pending == 0;

    /// <summary>Logs the next event. Under Drop the caller of Log is not told of a drop, so TryLog is asked where there is one.</summary>
    public LoggedEvent<TEvent> Log(bool askOutcome = false, bool snapshot = false, Action<TSink, TEvent>? way = null)
    {
        var id = new SinkEventId(Id, Events.Count);
        TEvent item = _specification.CreateEvent(id);
        var logged = new LoggedEvent<TEvent>(id, item) { Snapshot = snapshot ? EventSnapshot.Of(item) : null };
        Events.Add(logged);
        Call(logged, askOutcome, way);
        return logged;
    }

    /// <summary>Makes events to be logged later by <see cref="LogPrepared(LoggedEvent{TEvent}[], TimeSpan)"/>, so that nothing comes between their calls of Log.</summary>
    public LoggedEvent<TEvent>[] Prepare(int count)
    {
        var prepared = new LoggedEvent<TEvent>[count];
        for (int i = 0; i < count; i++)
        {
            var id = new SinkEventId(Id, Events.Count);
            prepared[i] = new LoggedEvent<TEvent>(id, _specification.CreateEvent(id)) { Outcome = LogOutcome.InvalidState };
            Events.Add(prepared[i]);
        }

        return prepared;
    }

    /// <summary>Logs what was prepared, one call right after the other.</summary>
    public void LogPrepared(LoggedEvent<TEvent>[] prepared, TimeSpan bound)
    {
        foreach (LoggedEvent<TEvent> logged in prepared)
        {
            LogPrepared(logged);
            if (logged.Outcome == LogOutcome.QueueFull)
                Again(logged, bound);
        }
    }

    /// <summary>Logs one event that was prepared, once.</summary>
    public void LogPrepared(LoggedEvent<TEvent> logged) => Call(logged, askOutcome: false, way: null);

    /// <summary>Logs the next event; while the queue is full, waits and logs the same event again.</summary>
    public void LogPatiently(TimeSpan bound, bool snapshot = false)
    {
        LoggedEvent<TEvent> logged = Log(snapshot: snapshot);
        if (logged.Outcome == LogOutcome.QueueFull)
            Again(logged, bound);
    }

    /// <summary>One call, with its times and what came of it.</summary>
    private void Call(LoggedEvent<TEvent> logged, bool askOutcome, Action<TSink, TEvent>? way)
    {
        logged.Invoked = TimeProvider.System.GetTimestamp();
        _caller.Begin(logged.Invoked);
        try
        {
            LogOutcome outcome = LogOutcome.Accepted;
            if (askOutcome && SinkMembers<TSink, TEvent>.TryLog is { } tryLog)
                outcome = tryLog(sink, logged.Item);
            else if (way is not null)
                way(sink, logged.Item);
            else
                _specification.Log(sink, logged.Item);
            logged.Outcome = outcome;
        }
        catch (QueueOverflowException)
        {
            logged.Outcome = LogOutcome.QueueFull;
        }
        catch (InvalidSinkStateException)
        {
            logged.Outcome = LogOutcome.InvalidState;
        }
        catch (Exception error)
        {
            logged.Strange = error;
        }

        logged.Returned = TimeProvider.System.GetTimestamp();
        _caller.End();
    }

    private void Again(LoggedEvent<TEvent> logged, TimeSpan bound)
    {
        Patience.Until(
            () =>
            {
                try
                {
                    logged.Invoked = TimeProvider.System.GetTimestamp();
                    _caller.Begin(logged.Invoked);
                    _specification.Log(sink, logged.Item);
                    logged.Returned = TimeProvider.System.GetTimestamp();
                    logged.Outcome = LogOutcome.Accepted;
                    return true;
                }
                catch (QueueOverflowException)
                {
                    return false;
                }
                finally
                {
                    _caller.End();
                }
            },
            bound);
    }
}
