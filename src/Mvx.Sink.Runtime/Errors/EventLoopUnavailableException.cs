namespace Mvx.Sink.Runtime;

/// <summary>There is no event loop to bind a sink to, or the sink's loop has ended (rules P2, T7).</summary>
public sealed class EventLoopUnavailableException : SinkException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What was attempted, and what to do instead.</param>
    /// <param name="innerException">What caused it, or null.</param>
    public EventLoopUnavailableException(string message, Exception? innerException = null)
        : base(SinkErrorReason.EventLoopUnavailable, message, innerException: innerException)
    {
    }
}
