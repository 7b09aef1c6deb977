namespace Mvx.Sink.Runtime;

/// <summary>The base of what a <see cref="SinkRegistry"/> throws about one of its sinks.</summary>
public class SinkRegistryException : InvalidOperationException
{
    /// <summary>Creates the error.</summary>
    /// <param name="sinkName">The name in the registry; of several, all of them.</param>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">Why, or null.</param>
    public SinkRegistryException(string sinkName, string message, Exception? innerException = null)
        : base(message, innerException) => SinkName = sinkName;

    /// <summary>The name in the registry; of several, all of them.</summary>
    public string SinkName { get; }
}
