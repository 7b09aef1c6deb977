namespace Mvx.Sink.Runtime;

/// <summary>Where dropped events are missing, until the dispatcher comes by and tells the backend. Any thread notes; the consumer takes.</summary>
internal sealed class LossBoard(IConsumerPosition queue)
{
    private readonly Lock _lock = new();

    // Replaced under the lock, read without it.
    private volatile LossLog _log = LossLog.Empty;

    /// <summary>A new event was dropped: it is missing behind all that are accepted.</summary>
    public void NoteDropped()
    {
        Note(queue.Accepted);
        // The consumer may have gone to rest since the queue was full.
        queue.Nudge();
    }

    /// <summary>The oldest waiting event was dropped: it is missing before the next one. Under the queue's head lock.</summary>
    public void NoteEvicted() => Note(queue.Taken);

    /// <summary>Whether something is missing before the next event. Consumer only.</summary>
    public bool IsDue
    {
        get
        {
            LossLog log = _log;
            return !log.IsEmpty && log.Due(queue.Taken) > 0;
        }
    }

    /// <summary>How many events are missing before the next one; they are told of now. Consumer only.</summary>
    public long TakeDue()
    {
        lock (_lock)
        {
            long taken = queue.Taken;
            long due = _log.Due(taken);
            _log = _log.After(taken);
            return due;
        }
    }

    private void Note(long place)
    {
        lock (_lock)
            _log = _log.Note(place, 1, queue.Taken);
    }
}
