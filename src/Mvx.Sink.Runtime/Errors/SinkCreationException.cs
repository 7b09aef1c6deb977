namespace Mvx.Sink.Runtime;

/// <summary>A sink could not be created or started (rule T1). The inner exception says why; no thread is left behind.</summary>
public sealed class SinkCreationException : InvalidOperationException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What could not be created.</param>
    /// <param name="innerException">Why.</param>
    public SinkCreationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
