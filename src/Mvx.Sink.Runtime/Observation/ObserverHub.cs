namespace Mvx.Sink.Runtime;

/// <summary>Passes events on to any number of observers, each through a mailbox of its own. Publishing never runs an observer (rules A8, O3).</summary>
internal sealed class ObserverHub<T>(string context)
    where T : class, IMissable<T>
{
    private readonly Lock _lock = new();

    // Replaced under the lock, read without it.
    private volatile ObserverMailbox<T>[] _mailboxes = [];
    private bool _completed;

    public bool HasObservers => _mailboxes.Length > 0;

    /// <summary>Adds an observer; the caller then has its mailbox deliver <paramref name="first"/>.</summary>
    public ObserverMailbox<T> Add(IObserver<T> observer, params T[] first)
    {
        var mailbox = new ObserverMailbox<T>(this, observer, context, first);
        lock (_lock)
        {
            if (_completed)
                mailbox.Complete();
            else
                _mailboxes = [.. _mailboxes, mailbox];
        }

        return mailbox;
    }

    public void Remove(ObserverMailbox<T> mailbox)
    {
        lock (_lock)
            _mailboxes = Array.FindAll(_mailboxes, other => other != mailbox);
    }

    public void Publish(T item)
    {
        foreach (ObserverMailbox<T> mailbox in _mailboxes)
            mailbox.Post(item);
    }

    /// <summary>No more events will come. Idempotent.</summary>
    public void Complete()
    {
        ObserverMailbox<T>[] mailboxes;
        lock (_lock)
        {
            _completed = true;
            mailboxes = _mailboxes;
            _mailboxes = [];
        }

        foreach (ObserverMailbox<T> mailbox in mailboxes)
            mailbox.Complete();
    }
}
