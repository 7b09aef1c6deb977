namespace Mvx.Sink.Runtime;

/// <summary><c>OnStoppedAsync</c> threw during a stop (rule L9). The inner exception is what it threw.</summary>
public sealed class OnStoppedHookFailedException : SinkException
{
    /// <summary>Creates the error.</summary>
    /// <param name="cause">What the hook threw.</param>
    public OnStoppedHookFailedException(Exception cause)
        : base(SinkErrorReason.OnStoppedHookFailed, $"OnStoppedAsync failed; every accepted event was dispatched before it ran: {ErrorText.Of(cause)}", innerException: cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
    }
}
