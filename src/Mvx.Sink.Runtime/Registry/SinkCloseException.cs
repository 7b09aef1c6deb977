namespace Mvx.Sink.Runtime;

/// <summary>One or more sinks were closed, and their stop failed (rule R4). They are forgotten all the same.</summary>
public sealed class SinkCloseException : SinkRegistryException
{
    /// <summary>Creates the error.</summary>
    /// <param name="sinkName">The name in the registry; of several, all of them.</param>
    /// <param name="innerExceptions">What went wrong, in the order of closing. The first is also the inner exception.</param>
    public SinkCloseException(string sinkName, IReadOnlyList<Exception> innerExceptions)
        : base(sinkName, Describe(sinkName, innerExceptions), innerExceptions[0]) => InnerExceptions = [.. innerExceptions];

    /// <summary>What went wrong, in the order of closing.</summary>
    public IReadOnlyList<Exception> InnerExceptions { get; }

    private static string Describe(string sinkName, IReadOnlyList<Exception> innerExceptions)
    {
        ArgumentNullException.ThrowIfNull(innerExceptions);
        ArgumentOutOfRangeException.ThrowIfZero(innerExceptions.Count);
        return $"Closing {sinkName} failed: {string.Join("; ", innerExceptions.Select(ErrorText.Of))}";
    }
}
