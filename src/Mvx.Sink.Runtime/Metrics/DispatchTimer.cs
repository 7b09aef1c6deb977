namespace Mvx.Sink.Runtime;

/// <summary>Times a sink's dispatches while somebody wants to know. Owned by the loop; what a listener of the meter throws is reported.</summary>
internal sealed class DispatchTimer(MeteredSink sink)
{
    private long[] _accepted = [];
    private int _count;
    private long _began;
    private long _ended;

    /// <summary>Whether the next dispatches are timed. Looked at once per turn of the dispatcher, so it costs nothing per event.</summary>
    public bool IsOn { get; private set; }

    /// <summary>Whether a timed dispatch has begun and not ended.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Finds out whether anybody wants to know.</summary>
    public void Look(bool isWatched)
    {
        IsOn = isWatched || sink.IsDispatchWatched || SinkMeter.TimesDispatches;
        if (sink.IsStamping != (isWatched || SinkMeter.StampsEvents))
            sink.UpdateStamping();
    }

    /// <summary>Looks at how much is pending, timed or not.</summary>
    public void SeePending() => sink.SeePending();

    /// <summary>A dispatch of so many events begins.</summary>
    public void Begin(long firstTicket, int count)
    {
        (_count, _began) = (count, sink.Clock.Now());
        IsRunning = true;
        sink.DispatchMoved(_began);
        if (_accepted.Length < count)
            _accepted = new long[count];
        EnqueueStamps? stamps = sink.Stamps;
        for (int i = 0; i < count; i++)
            _accepted[i] = stamps?.TimeOf(firstTicket + i, _began) ?? SinkStopwatch.Unknown;
    }

    /// <summary>The dispatch has finished some of its events.</summary>
    public void Move()
    {
        if (IsRunning && sink.IsDispatchWatched)
            sink.DispatchMoved(sink.Clock.Now());
    }

    /// <summary>The dispatch is over: tells the listeners of the meter.</summary>
    public void End(Exception? error)
    {
        if (!IsRunning)
            return;
        IsRunning = false;
        sink.DispatchEnded();
        _ended = sink.Clock.Now();
        sink.SeePending();
        if (SinkMeter.DispatchDuration.Enabled && SinkStopwatch.Between(_began, _ended) is { } took)
            sink.Record(SinkMeter.DispatchDuration, took, error);
        if (!SinkMeter.TimeInQueue.Enabled)
            return;
        for (int i = 0; i < _count; i++)
        {
            if (SinkStopwatch.Between(_accepted[i], _began) is { } waited)
                sink.Record(SinkMeter.TimeInQueue, waited, error: null);
        }
    }

    /// <summary>The times of one event of the dispatch, counted from 0, that is finished now, or was with the end of the dispatch; of an untimed one, none.</summary>
    public DispatchTiming Of(int index) => !IsOn || index >= _count
        ? default
        : new DispatchTiming(SinkStopwatch.Between(_accepted[index], _began), SinkStopwatch.Between(_began, IsRunning ? sink.Clock.Now() : _ended));
}
