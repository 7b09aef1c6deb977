namespace Mvx.Sink.Verification;

/// <summary>One event that was offered, and what its caller was told.</summary>
internal sealed class LoggedEvent<TEvent>(SinkEventId id, TEvent item)
{
    public SinkEventId Id => id;

    public TEvent Item => item;

    /// <summary>The event's public values before it was logged; null where they were not taken.</summary>
    public string? Snapshot { get; init; }

    /// <summary>Just before the call, and just after it.</summary>
    public long Invoked { get; set; }

    public long Returned { get; set; }

    public LogOutcome Outcome { get; set; }

    /// <summary>What Log threw although no rule lets it.</summary>
    public Exception? Strange { get; set; }

    public bool IsAccepted => Outcome == LogOutcome.Accepted && Strange is null;
}
