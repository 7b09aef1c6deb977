namespace Mvx.Sink.Model

/// <summary>
/// The whole lifecycle of a sink in one byte: three bits of state, one bit that says the event loop is closed, four bits of phase.
/// The default value is a new sink.
/// </summary>
/// <param name="code">The packed byte, as <see cref="P:Mvx.Sink.Model.LifecycleModel.Code"/> gives it.</param>
[<Struct>]
type LifecycleModel(code: int64) =

    /// <summary>Packs a state, a phase and the closed flag.</summary>
    /// <param name="state">The public state.</param>
    /// <param name="phase">What the loop is doing.</param>
    /// <param name="closed">Whether the event loop takes no more work for this sink.</param>
    new(state: SinkState, phase: LifecyclePhase, closed: bool) =
        LifecycleModel(int64 state ||| (if closed then 8L else 0L) ||| (int64 phase <<< 4))

    /// <summary>The packed byte, 0 to 255.</summary>
    member _.Code: int64 = code
    /// <summary>The public state.</summary>
    member _.State: SinkState = enum<SinkState>(int (code &&& 7L))
    /// <summary>Whether the event loop takes no more work for this sink, so that a start is refused (rule T7).</summary>
    member _.Closed: bool = code &&& 8L <> 0L
    /// <summary>What the loop is doing for the sink.</summary>
    member _.Phase: LifecyclePhase = enum<LifecyclePhase>(int ((code >>> 4) &&& 15L))
    /// <summary>The same state and phase, with the loop closed.</summary>
    member _.AsClosed: LifecycleModel = LifecycleModel(code ||| 8L)

    /// <summary>State, phase and, when closed, the word <c>closed</c>.</summary>
    override this.ToString() : string =
        $"{this.State}/{this.Phase}" + (if this.Closed then "/closed" else "")
