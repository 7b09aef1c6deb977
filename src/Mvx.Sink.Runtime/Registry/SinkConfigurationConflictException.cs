namespace Mvx.Sink.Runtime;

/// <summary>A name is configured already, for another sink (rule R2). The one that exists is unchanged.</summary>
public sealed class SinkConfigurationConflictException : SinkRegistryException
{
    /// <summary>Creates the error.</summary>
    /// <param name="sinkName">The name in the registry.</param>
    /// <param name="existing">What is there.</param>
    /// <param name="requested">What was asked for.</param>
    public SinkConfigurationConflictException(string sinkName, SinkDescriptor existing, SinkDescriptor requested)
        : base(sinkName, $"The sink \"{sinkName}\" is configured already, as {existing}; the requested configuration is {requested}. Close it first, or use another name.")
    {
        Existing = existing;
        Requested = requested;
    }

    /// <summary>What is there.</summary>
    public SinkDescriptor Existing { get; }

    /// <summary>What was asked for.</summary>
    public SinkDescriptor Requested { get; }
}
