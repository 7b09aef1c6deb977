namespace Mvx.Sink.Runtime;

/// <summary>The observable of a registry's sinks. It follows their lifecycles from the first subscription on; before that it costs nothing.</summary>
internal sealed class RegistryFeed(TimeProvider clock) : IObservable<SinkRegistryEvent>
{
    /// <summary>How long the end of a lifecycle that is not ours is waited for, which may never be told.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly ObserverHub<SinkRegistryEvent> _hub = new("lifecycle of a registry");
    private readonly Lock _lock = new();

    // Under the lock, under which no user code runs. The followers in the order in which their sinks came.
    private readonly List<SinkFollower> _followers = [];
    private bool _isWatched;
    private bool _disposed;

    /// <summary>Takes in a sink. Runs no user code; the caller then calls <see cref="Follow"/> under no lock.</summary>
    public SinkFollower Add(string name, ISinkLifecycle sink)
    {
        var follower = new SinkFollower(this, name, sink);
        lock (_lock)
        {
            follower.IsFollowed = _isWatched;
            _followers.Add(follower);
        }

        return follower;
    }

    /// <summary>Has a new sink's lifecycle told, if anybody wants to know.</summary>
    public void Follow(SinkFollower follower)
    {
        bool isFollowed;
        lock (_lock)
            isFollowed = follower.IsFollowed;
        if (isFollowed)
            follower.Attach();
    }

    /// <summary>The registry has closed a sink and forgotten it. Called under no lock.</summary>
    public void Close(SinkFollower follower)
    {
        SinkState? last = follower.LastState();
        ITimer? timer = follower.IsOurs ? null : clock.CreateTimer(_ => GiveUp(follower), null, _patience, Timeout.InfiniteTimeSpan);
        lock (_lock)
        {
            follower.IsClosing = true;
            follower.Patience = timer;
            if (!follower.IsFollowed || follower.HasCompleted || (!follower.IsOurs && (last is null || last == follower.State)))
                Leave_NeedsLock(follower);
            else
                follower.AwaitedState = last; // its last transitions are on their way
        }

        follower.DetachIfGone();
    }

    /// <summary>No sink comes any more, and those there were have been closed.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            CompleteIfOver_NeedsLock();
        }
    }

    public IDisposable Subscribe(IObserver<SinkRegistryEvent> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        SinkFollower[] followers;
        lock (_lock)
        {
            _isWatched = true;
            followers = [.. _followers];
            _followers.ForEach(static follower => follower.IsFollowed = true);
        }

        // A lifecycle that is not ours is user code.
        foreach (SinkFollower follower in followers)
            follower.Attach();
        ObserverMailbox<SinkRegistryEvent> mailbox;
        lock (_lock)
        {
            mailbox = _hub.Add(
                observer,
                [.. _followers.Where(static follower => follower.State is not null).Select(static follower => follower.Event(SinkRegistryEventKind.Created, change: null) with { IsReplay = true })]);
        }

        mailbox.DeliverFirst();
        return mailbox;
    }

    /// <summary>A sink tells its state, or a transition.</summary>
    public void Tell(SinkFollower follower, SinkState state, SinkLifecycleEvent? change)
    {
        lock (_lock)
        {
            if (follower.IsGone)
                return;
            bool isNew = follower.State is null;
            follower.State = state;
            if (isNew)
                _hub.Publish(follower.Event(SinkRegistryEventKind.Created, change: null));
            if (change is not null)
                _hub.Publish(follower.Event(SinkRegistryEventKind.Transition, change));
            if (follower.IsClosing && !follower.IsOurs && follower.AwaitedState == state)
                Leave_NeedsLock(follower);
        }

        follower.DetachIfGone();
    }

    /// <summary>A sink was found in a state that it has not told by itself.</summary>
    public void TellFound(SinkFollower follower, SinkState state)
    {
        lock (_lock)
        {
            if (follower.State is not null)
                return;
        }

        // Should it tell by itself right now, it is told twice in one state, which is no transition.
        Tell(follower, state, change: null);
    }

    /// <summary>A sink tells nothing more.</summary>
    public void Complete(SinkFollower follower)
    {
        lock (_lock)
        {
            follower.HasCompleted = true;
            if (follower.IsClosing)
                Leave_NeedsLock(follower);
        }

        follower.DetachIfGone();
    }

    private void GiveUp(SinkFollower follower)
    {
        lock (_lock)
            Leave_NeedsLock(follower);
        follower.DetachIfGone();
    }

    private void Leave_NeedsLock(SinkFollower follower)
    {
        if (follower.IsGone)
            return;
        follower.IsGone = true;
        _followers.Remove(follower);
        if (follower.State is not null)
            _hub.Publish(follower.Event(SinkRegistryEventKind.Closed, change: null));
        CompleteIfOver_NeedsLock();
    }

    private void CompleteIfOver_NeedsLock()
    {
        // A sink that could not be closed, on its own loop thread, still has something to tell.
        if (_disposed && _followers.Count == 0)
            _hub.Complete();
    }
}
