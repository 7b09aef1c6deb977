namespace Mvx.Sink.Model

/// <summary>
/// The one 64-bit word a sink's admission turns on: the lifecycle in the low 8 bits, the number of accepted events in the
/// 56 bits above. Because both are one word, one compare-and-swap admits an event and proves that the state still
/// accepted it. 56 bits last 45 years at fifty million events a second.
/// </summary>
/// <param name="word">The packed word.</param>
[<Struct>]
type Gate(word: int64) =

    /// <summary>Packs a lifecycle and a number of accepted events.</summary>
    /// <param name="lifecycle">The lifecycle.</param>
    /// <param name="accepted">The number of events accepted so far.</param>
    new(lifecycle: LifecycleModel, accepted: int64) = Gate((accepted <<< 8) ||| lifecycle.Code)

    /// <summary>The packed word, to compare and swap.</summary>
    member _.Word: int64 = word
    /// <summary>The number of events accepted over the sink's whole life; also the ticket of the next one.</summary>
    member _.Accepted: int64 = int64 (uint64 word >>> 8)
    /// <summary>The lifecycle.</summary>
    member _.Lifecycle: LifecycleModel = LifecycleModel(word &&& 255L)
    /// <summary>The public state.</summary>
    member _.State: SinkState = enum<SinkState>(int (word &&& 7L))
    /// <summary>Whether the state accepts events: Virgin, Starting or Running (rule A1).</summary>
    // Less than, not at most: it compiles to little enough to be inlined even where refusals are rare.
    member _.Accepts: bool = word &&& 7L < 3L

    /// <summary>The same count under another lifecycle.</summary>
    /// <param name="lifecycle">The lifecycle to put in.</param>
    /// <returns>The new gate.</returns>
    member _.With(lifecycle: LifecycleModel) : Gate =
        Gate((word &&& ~~~255L) ||| lifecycle.Code)

    /// <summary>The same lifecycle with one more accepted event.</summary>
    member _.PlusOne: Gate = Gate(word + 256L)

    /// <summary>Lifecycle and count.</summary>
    override this.ToString() : string =
        $"{this.Lifecycle.ToString()}, {this.Accepted} accepted"
