namespace Mvx.Sink.Runtime;

/// <summary>
/// A loop inside somebody else's SynchronizationContext (rule P2): turns run as callbacks posted to it, at most one at a time, so that a
/// sink's work stays serial whatever the context does. It never spins: the thread is not ours.
/// </summary>
internal sealed class ContextLoop(SynchronizationContext outer) : LoopHost
{
    private const int Idle = 0;
    private const int Posted = 1;
    private const int Running = 2;
    private const int Gone = 3;

    // Shared: where the turn is. One at most is posted or running.
    private int _turn;

    // Shared: set once.
    private volatile bool _isFollowed;

    public override string Name => outer.GetType().Name;

    public override bool IsCurrent => base.IsCurrent || ReferenceEquals(SynchronizationContext.Current, outer);

    public override void Follow() => _isFollowed = true;

    public override bool HasUnbegunTurn => Volatile.Read(ref _turn) == Posted;

    public override bool TryGiveUp(TimeSpan patience)
    {
        if (Interlocked.CompareExchange(ref _turn, Gone, Posted) != Posted)
            return false;
        End(new EventLoopUnavailableException(
            $"The sink's event loop, a {Name}, has not run for {patience.TotalSeconds:0.#} s what was posted to it, as a context does that drops its callbacks or has nobody to run them. The sink was closed; create a new one where callbacks are run."));
        return true;
    }

    protected override bool Wake()
    {
        if (Interlocked.CompareExchange(ref _turn, Posted, Idle) != Idle)
            return true;
        try
        {
            outer.Post(static state => ((ContextLoop)state!).Turn(), this);
            return true;
        }
        catch (Exception error)
        {
            SinkDiagnostics.Report($"event loop {Name}", error);
            // One that has run the turn before it threw has run it.
            if (Interlocked.CompareExchange(ref _turn, Gone, Posted) == Posted)
                End(new EventLoopUnavailableException($"The sink's event loop, a {Name}, takes no more work: its Post threw {error.GetType().Name}: {ErrorText.Of(error)}", error));
            return false;
        }
    }

    /// <summary>No turn is posted, as far as we care, or running, and none will be.</summary>
    private void End(EventLoopUnavailableException cause)
    {
        EndByForce(cause);
        _ = TellTenantsTheLoopIsGone();
    }

    private void Turn()
    {
        // A context that runs it twice, or after it was given up, runs nothing.
        if (Interlocked.CompareExchange(ref _turn, Running, Posted) != Posted)
            return;
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

        Interlocked.Exchange(ref _turn, Idle);
        if (more || HasPosted)
            Wake();
    }
}
