namespace Mvx.Sink.Runtime;

/// <summary>What a dispatcher works with.</summary>
internal sealed record DispatcherParts<TEvent>(
    AsyncSink<TEvent> Sink,
    AdmissionChannel<TEvent> Queue,
    LedgerBook Ledger,
    DispatchFeed<TEvent> Feed,
    FlushBoard Flushes,
    LossBoard? Losses,
    DispatchTimer Timer,
    FollowedWork Work,
    LoopHost Loop,
    Action<LifecycleInput, Exception?> Answer)
    where TEvent : notnull;
