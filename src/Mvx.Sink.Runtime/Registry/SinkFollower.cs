namespace Mvx.Sink.Runtime;

/// <summary>Passes one registered sink's lifecycle on to the registry's feed.</summary>
internal sealed class SinkFollower(RegistryFeed feed, string name, ISinkLifecycle sink) : IObserver<SinkLifecycleEvent>
{
    private int _attached;
    private IDisposable? _subscription;

    /// <summary>Whether the sink is one of ours, whose lifecycle tells every transition and then completes.</summary>
    public bool IsOurs => sink is ILoopBound;

    // Under the feed's lock.

    /// <summary>Whether it follows the sink, or is about to.</summary>
    public bool IsFollowed { get; set; }

    /// <summary>The state last told; null: none yet.</summary>
    public SinkState? State { get; set; }

    /// <summary>Whether the sink tells nothing more.</summary>
    public bool HasCompleted { get; set; }

    /// <summary>Whether the registry has closed and forgotten the sink.</summary>
    public bool IsClosing { get; set; }

    /// <summary>With which state a lifecycle that is not ours has told all.</summary>
    public SinkState? AwaitedState { get; set; }

    /// <summary>When its end is not waited for any longer.</summary>
    public ITimer? Patience { get; set; }

    /// <summary>Whether observers have been told that the sink is closed.</summary>
    public bool IsGone { get; set; }

    public SinkRegistryEvent Event(SinkRegistryEventKind kind, SinkLifecycleEvent? change) => new()
    {
        Name = name,
        Kind = kind,
        Sink = sink,
        State = State!.Value,
        Change = change,
    };

    /// <summary>Begins to follow, once. Runs user code where the lifecycle is not ours; what that throws is reported.</summary>
    public void Attach()
    {
        if (Interlocked.Exchange(ref _attached, 1) == 1)
            return;
        try
        {
            Interlocked.Exchange(ref _subscription, sink.Lifecycle.Subscribe(this));
        }
        catch (Exception error)
        {
            Report(error);
            feed.Complete(this);
        }

        // One of ours has told its state by now; another lifecycle should have.
        if (!IsOurs && CurrentState() is { } state)
            feed.TellFound(this, state);
        DetachIfGone();
    }

    /// <summary>The state in which a lifecycle that is not ours has ended; null: ours, which says so itself.</summary>
    public SinkState? LastState() => IsOurs ? null : CurrentState();

    public void DetachIfGone()
    {
        if (!IsGone)
            return;
        Patience?.Dispose();
        try
        {
            Interlocked.Exchange(ref _subscription, null)?.Dispose();
        }
        catch (Exception error)
        {
            Report(error);
        }
    }

    void IObserver<SinkLifecycleEvent>.OnNext(SinkLifecycleEvent value) => feed.Tell(this, value.To, value.IsReplay ? null : value);

    void IObserver<SinkLifecycleEvent>.OnError(Exception error)
    {
        Report(error);
        feed.Complete(this);
    }

    void IObserver<SinkLifecycleEvent>.OnCompleted() => feed.Complete(this);

    private SinkState? CurrentState()
    {
        try
        {
            return sink.State;
        }
        catch (Exception error)
        {
            Report(error);
            return null;
        }
    }

    private void Report(Exception error) => SinkDiagnostics.Report($"lifecycle of the registered sink '{name}'", error);
}
