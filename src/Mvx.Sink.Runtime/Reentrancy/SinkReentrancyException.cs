namespace Mvx.Sink.Runtime;

/// <summary>An event was logged to a sink from inside the work of a sink, and its guard's policy is <see cref="ReentrancyPolicy.Throw"/>.</summary>
public sealed class SinkReentrancyException : InvalidOperationException
{
    /// <summary>Creates the error.</summary>
    /// <param name="sinkName">The name of the guarded sink.</param>
    public SinkReentrancyException(string sinkName)
        : base($"The backend of a sink logged to the sink '{sinkName}' while it was delivering: each delivery would cause the next one. Keep the backend's own log out of this sink, or choose the policy Drop or Fallback.") =>
        SinkName = sinkName;

    /// <summary>The name of the guarded sink.</summary>
    public string SinkName { get; }
}
