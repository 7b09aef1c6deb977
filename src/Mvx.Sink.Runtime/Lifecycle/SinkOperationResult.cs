namespace Mvx.Sink.Runtime;

/// <summary>How a lifecycle operation ended. A value: nothing is thrown (rule W4).</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Success">Whether it succeeded.</param>
/// <param name="Error">Why not; null when it succeeded.</param>
public readonly record struct SinkOperationResult(SinkOperation Operation, bool Success, SinkException? Error)
{
    internal static SinkOperationResult Of(SinkOperation operation, SinkException? error) => new(operation, error is null, error);
}
