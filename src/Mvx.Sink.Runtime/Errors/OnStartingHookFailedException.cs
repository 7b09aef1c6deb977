namespace Mvx.Sink.Runtime;

/// <summary><c>OnStartingAsync</c> threw (rule L5). The inner exception is what it threw.</summary>
public sealed class OnStartingHookFailedException : SinkException
{
    /// <summary>Creates the error.</summary>
    /// <param name="cause">What the hook threw.</param>
    public OnStartingHookFailedException(Exception cause)
        : base(SinkErrorReason.OnStartingHookFailed, $"OnStartingAsync failed, so the sink did not start: {ErrorText.Of(cause)}", innerException: cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
    }
}
