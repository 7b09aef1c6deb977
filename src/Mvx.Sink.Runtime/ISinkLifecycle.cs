namespace Mvx.Sink.Runtime;

/// <summary>The life of a sink as its owner sees it. Every member may be used on any thread and none blocks.</summary>
public interface ISinkLifecycle
{
    /// <summary>The state now. It may change before the caller looks at it.</summary>
    SinkState State { get; }

    /// <summary>What ended the sink, in Failure and Cancelled; null otherwise.</summary>
    SinkException? LastError { get; }

    /// <summary>What became of every event offered so far, in one consistent snapshot (rule C1).</summary>
    SinkLedger Ledger { get; }

    /// <summary>Begins a start, or joins the one in progress. Nothing is thrown; the handle tells (rules L2–L5, W4).</summary>
    /// <returns>The handle of the start.</returns>
    SinkWaitHandle Start();

    /// <summary>Begins a stop, or joins the one in progress. Nothing is thrown; the handle tells (rules L6–L9, W4).</summary>
    /// <returns>The handle of the stop.</returns>
    SinkWaitHandle Stop();

    /// <summary>The current state to each new subscriber, then every transition, in order, none twice (rule O1).</summary>
    IObservable<SinkLifecycleEvent> Lifecycle { get; }
}
