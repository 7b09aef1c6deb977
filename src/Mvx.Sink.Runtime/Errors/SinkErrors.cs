namespace Mvx.Sink.Runtime;

/// <summary>Makes the exception that stands for a reason of the model. No decision is taken here.</summary>
internal static class SinkErrors
{
    /// <summary>The error a step of the lifecycle records.</summary>
    public static SinkException Recorded(SinkErrorReason reason, Exception? cause) => reason switch
    {
        SinkErrorReason.OnStartingHookFailed => new OnStartingHookFailedException(cause ?? LoopEnded()),
        SinkErrorReason.OnStoppedHookFailed => new OnStoppedHookFailedException(cause ?? LoopEnded()),
        SinkErrorReason.DispatcherUnexpectedlyCancelled => new DispatcherCancelledException(cause),
        SinkErrorReason.EventLoopUnavailable => cause as EventLoopUnavailableException ?? LoopEnded(cause),
        _ => cause as SinkException ?? new UnexpectedSinkException(cause ?? LoopEnded()),
    };

    /// <summary>The error of a refused operation.</summary>
    public static SinkException Refused(SinkErrorReason reason, SinkOperation operation, SinkState state, SinkException? lastError) =>
        reason == SinkErrorReason.EventLoopUnavailable
            ? LoopEnded(lastError)
            : new InvalidSinkStateException(state, ExpectedStates.For(operation), lastError);

    private static EventLoopUnavailableException LoopEnded(Exception? inner = null) =>
        new("The sink's event loop has ended, so nothing can run on it any more. Create a new sink.", inner);
}
