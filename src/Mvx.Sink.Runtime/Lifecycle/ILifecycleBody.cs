namespace Mvx.Sink.Runtime;

/// <summary>What the lifecycle's effects act on. Members named <c>_OnLoop</c> run on the loop; only the hooks may throw.</summary>
internal interface ILifecycleBody
{
    ValueTask RunStartingHook_OnLoop();

    ValueTask RunStoppedHook_OnLoop();

    void LaunchDispatcher_OnLoop();

    void Drain_OnLoop();

    void EndDispatcher_OnLoop();

    /// <summary>Fires the hooks' token. Any thread; what its callbacks throw is reported.</summary>
    void FireToken();

    /// <summary>Takes the dispatcher from a loop that is gone or stuck. Any thread but the one that is stuck.</summary>
    void AbandonDispatcher();

    /// <summary>Finishes everything pending as undelivered and hands it to the user. On the loop, or anywhere once the loop is gone.</summary>
    ValueTask HandOverUndelivered(SinkException cause);

    /// <summary>Nothing will happen to this sink any more.</summary>
    void Closed();
}
