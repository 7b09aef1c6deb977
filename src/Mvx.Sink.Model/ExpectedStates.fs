namespace Mvx.Sink.Model

open System.Collections.Generic

/// <summary>The states in which each thing a caller can do is valid; what an invalid-state error names as expected.</summary>
[<AbstractClass; Sealed>]
type ExpectedStates private () =

    static let forLog: IReadOnlyList<SinkState> =
        System.Array.AsReadOnly [| SinkState.Virgin; SinkState.Starting; SinkState.Running |]

    static let forStart: IReadOnlyList<SinkState> =
        System.Array.AsReadOnly [| SinkState.Virgin; SinkState.Stopped |]

    static let forStop: IReadOnlyList<SinkState> =
        System.Array.AsReadOnly [| SinkState.Running |]

    /// <summary>Virgin, Starting, Running (rule A1).</summary>
    static member ForLog: IReadOnlyList<SinkState> = forLog

    /// <summary>The states an operation is valid in: Virgin and Stopped for a start (rule L4), Running for a stop (rule L8).</summary>
    /// <param name="operation">The operation.</param>
    /// <returns>A read-only list.</returns>
    static member For(operation: SinkOperation) : IReadOnlyList<SinkState> =
        match operation with
        | SinkOperation.Start -> forStart
        | _ -> forStop
