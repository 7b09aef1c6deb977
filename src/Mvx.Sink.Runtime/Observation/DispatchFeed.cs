namespace Mvx.Sink.Runtime;

/// <summary>The observable of what becomes of a sink's events. Costs one look at an array length per event while nobody watches (rule O4).</summary>
internal sealed class DispatchFeed<TEvent>(SinkIdentity identity) : IObservable<SinkDispatchEvent<TEvent>>
{
    private readonly ObserverHub<SinkDispatchEvent<TEvent>> _hub = new($"dispatches of sink '{identity.Name}'");

    /// <summary>Called after each subscription, before it returns. Set once, before the feed is shared.</summary>
    public Action? Subscribed { get; set; }

    public bool IsWatched => _hub.HasObservers;

    public IDisposable Subscribe(IObserver<SinkDispatchEvent<TEvent>> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        ObserverMailbox<SinkDispatchEvent<TEvent>> mailbox = _hub.Add(observer);
        Subscribed?.Invoke();
        mailbox.DeliverFirst();
        return mailbox;
    }

    public void Tell(SinkDispatchKind kind, TEvent item, SinkException? error = null, DispatchTiming timing = default)
    {
        if (IsWatched)
        {
            _hub.Publish(new SinkDispatchEvent<TEvent>
            {
                SinkName = identity.Name,
                Timestamp = identity.Now(),
                Kind = kind,
                Item = item,
                Error = error,
                QueueingTime = timing.Queueing,
                DispatchDuration = timing.Dispatch,
            });
        }
    }

    public void Complete() => _hub.Complete();
}
