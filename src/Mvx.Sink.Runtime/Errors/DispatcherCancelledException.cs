namespace Mvx.Sink.Runtime;

/// <summary>The dispatcher was cancelled outside a stop: a cancellation left <c>DispatchAsync</c>, or the loop went away (rule L13).</summary>
public sealed class DispatcherCancelledException : SinkException
{
    /// <summary>Creates the error.</summary>
    /// <param name="innerException">The cancellation that left the dispatch, or null where the loop went away.</param>
    public DispatcherCancelledException(Exception? innerException = null)
        : base(
            SinkErrorReason.DispatcherUnexpectedlyCancelled,
            innerException is null
                ? "The sink's event loop was disposed while the sink was in use. Stop the sink before disposing its loop."
                : $"A cancellation left DispatchAsync outside a stop: {ErrorText.Of(innerException)}",
            innerException: innerException)
    {
    }
}
