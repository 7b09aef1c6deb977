namespace Mvx.Sink.Runtime;

/// <summary>
/// A loop inside somebody else's SynchronizationContext (rule P2): turns run as callbacks posted to it, at most one at a time, so that a
/// sink's work stays serial whatever the context does. It never spins: the thread is not ours.
/// </summary>
internal sealed class ContextLoop(SynchronizationContext outer) : LoopHost
{
    // Shared: 1 while a turn is posted or running.
    private int _scheduled;

    // Shared: set once.
    private volatile bool _isFollowed;

    public override string Name => outer.GetType().Name;

    public override bool IsCurrent => base.IsCurrent || ReferenceEquals(SynchronizationContext.Current, outer);

    public override void Follow() => _isFollowed = true;

    protected override bool Wake()
    {
        if (Interlocked.Exchange(ref _scheduled, 1) == 1)
            return true;
        try
        {
            outer.Post(static state => ((ContextLoop)state!).Turn(), this);
            return true;
        }
        catch (Exception error)
        {
            SinkDiagnostics.Report($"event loop {Name}", error);
            EndByForce();
            // No turn is posted or running, and none will be: the flag stays up.
            _ = TellTenantsTheLoopIsGone();
            return false;
        }
    }

    private void Turn()
    {
        LoopHost? previousLoop = Enter(this);
        SynchronizationContext? previousContext = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(Context);

        // The thread is not ours: what a dispatch is marked with does not stay on it.
        bool marks = _isFollowed;
        SinkWork? previousWork = marks ? SinkFlow.Work : null;
        bool more;
        try
        {
            more = RunTurn_OnLoop() != TurnResult.Nothing || !TryArmAll_OnLoop();
        }
        finally
        {
            if (marks)
                SinkFlow.Work = previousWork;
            SynchronizationContext.SetSynchronizationContext(previousContext);
            Enter(previousLoop);
        }

        Interlocked.Exchange(ref _scheduled, 0);
        if (more || HasPosted)
            Wake();
    }
}
