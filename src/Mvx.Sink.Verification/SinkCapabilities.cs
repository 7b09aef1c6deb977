namespace Mvx.Sink.Verification;

/// <summary>
/// What a specification can do and what its sink promises. A rule that needs what is missing is skipped, and the report says why.
/// </summary>
[Flags]
public enum SinkCapabilities
{
    /// <summary>Nothing but making a sink and events.</summary>
    None = 0,

    /// <summary><c>ReadBack</c> tells what reached the backend. Inferred from the override.</summary>
    ReadBack = 1,

    /// <summary><c>BreakBackend</c> makes writes fail. Inferred from the override.</summary>
    Break = 2,

    /// <summary><c>StallBackend</c> makes writes hang until the backend is healed. Inferred from the override.</summary>
    Stall = 4,

    /// <summary><c>FailNextWrites</c> makes a number of writes fail and then lets them succeed again. Inferred from the override.</summary>
    FailNextWrites = 8,

    /// <summary>The sink can be started again after a stop (rule L10 of the runtime). Assumed.</summary>
    Restart = 16,

    /// <summary><c>ReadBack</c> gives the events in the order of their arrival, and the sink promises to keep it. Assumed.</summary>
    Ordered = 32,

    /// <summary>The sink leaves the events it is given unchanged. Assumed; take it away where the sink owns them, pooled ones say.</summary>
    LeavesEventsUnchanged = 64,

    /// <summary>An event whose dispatch has succeeded is in the backend, so that a flush is a barrier to the backend itself. Not assumed.</summary>
    WriteThrough = 128,

    /// <summary>The sink gathers events on its own and writes them later, at the latest when it is stopped. Not assumed.</summary>
    Batches = 256,

    /// <summary>A retried write may leave an event in the backend twice, and that is accepted. Not assumed.</summary>
    MayDuplicate = 512,

    /// <summary>The sink works on threads of its own and guards what they share. Inferred from its fields where it can be.</summary>
    OwnThreads = 1024,

    /// <summary><c>CreateSinkThatCannotStart</c> gives a sink whose start fails. Inferred from the override.</summary>
    FailingStart = 2048,

    /// <summary>Two sinks may work on the test's backend at the same moment, on two threads. Not assumed; without it rule K18 lets them work in turns.</summary>
    Neighbours = 4096,

    /// <summary><c>FailWrites</c> lets a number of writes through and makes those after them fail. Inferred from the override, and <see cref="FailNextWrites"/> with it.</summary>
    FailWrites = 8192,

    /// <summary>The sink chose <see cref="QueueOverflowPolicy.Wait"/> itself, so <c>Log</c> waits while its queue is full. Not assumed; without it rule K20 fills the queue too.</summary>
    WaitsForRoom = 16384,
}
