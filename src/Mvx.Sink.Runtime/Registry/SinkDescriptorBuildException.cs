namespace Mvx.Sink.Runtime;

/// <summary><c>BuildDescriptor</c> threw or returned null, so nothing was created (rule R3). The inner exception is what it threw.</summary>
public sealed class SinkDescriptorBuildException : SinkRegistryException
{
    /// <summary>Creates the error.</summary>
    /// <param name="sinkName">The name in the registry.</param>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">What was thrown, or null.</param>
    public SinkDescriptorBuildException(string sinkName, string message, Exception? innerException)
        : base(sinkName, message, innerException)
    {
    }
}
