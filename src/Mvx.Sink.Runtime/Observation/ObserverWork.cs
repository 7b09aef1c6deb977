namespace Mvx.Sink.Runtime;

/// <summary>Something to do on a thread for observers. It is its own link in their queue, so that queueing it allocates nothing.</summary>
internal abstract class ObserverWork
{
    /// <summary>What is queued behind it. The queue's.</summary>
    public ObserverWork? Next { get; set; }

    /// <summary>Does a turn's worth of it, user code included; must not throw. True: there is more, so queue it again.</summary>
    public abstract bool RunTurn();
}
