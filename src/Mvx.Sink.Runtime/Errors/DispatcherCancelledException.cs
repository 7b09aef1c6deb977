namespace Mvx.Sink.Runtime;

/// <summary>The dispatcher was cancelled outside a stop: a cancellation left <c>DispatchAsync</c>, or the loop went away (rule L13).</summary>
public sealed class DispatcherCancelledException : SinkException
{
    /// <summary>Creates the error.</summary>
    /// <param name="innerException">The cancellation that left the dispatch; where the loop went away, why, or null where it was disposed.</param>
    public DispatcherCancelledException(Exception? innerException = null)
        : base(SinkErrorReason.DispatcherUnexpectedlyCancelled, Describe(innerException), innerException: innerException)
    {
    }

    private static string Describe(Exception? cause) => cause switch
    {
        null => "The sink's event loop was disposed while the sink was in use. Stop the sink before disposing its loop.",
        EventLoopUnavailableException => $"The sink's event loop went away while the sink was in use: {ErrorText.Of(cause)}",
        _ => $"A cancellation left DispatchAsync outside a stop: {ErrorText.Of(cause)}",
    };
}
