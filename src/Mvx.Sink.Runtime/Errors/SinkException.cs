using System.Collections.ObjectModel;

namespace Mvx.Sink.Runtime;

/// <summary>The base of every error a sink gives. A backend may throw one of its own from a hook or a dispatch.</summary>
public class SinkException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="message">What was wrong, what was expected, and how to fix it.</param>
    /// <param name="details">Facts about it by name; copied. Null: none.</param>
    /// <param name="innerException">What caused it, or null.</param>
    public SinkException(
        SinkErrorReason reason,
        string message,
        IReadOnlyDictionary<string, object?>? details = null,
        Exception? innerException = null)
        : base(message, innerException)
    {
        Reason = reason;
        Details = details is null
            ? ReadOnlyDictionary<string, object?>.Empty
            : new ReadOnlyDictionary<string, object?>(new Dictionary<string, object?>(details, StringComparer.Ordinal));
    }

    /// <summary>The reason.</summary>
    public SinkErrorReason Reason { get; }

    /// <summary>The stable text code of the reason, for instance <c>QUEUE_OVERFLOW</c>.</summary>
    public string Code => SinkErrorReasons.Code(Reason);

    /// <summary>Facts about the error by name. Never null.</summary>
    public IReadOnlyDictionary<string, object?> Details { get; }
}
