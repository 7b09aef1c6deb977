namespace Mvx.Sink.Runtime;

/// <summary>Something that is not a <see cref="SinkException"/> left a dispatch (rule L12). The inner exception is what it was.</summary>
public sealed class UnexpectedSinkException : SinkException
{
    /// <summary>Creates the error.</summary>
    /// <param name="cause">What was thrown.</param>
    public UnexpectedSinkException(Exception cause)
        : base(SinkErrorReason.UnexpectedError, $"DispatchAsync failed: {ErrorText.Of(cause)}", innerException: cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
    }
}
