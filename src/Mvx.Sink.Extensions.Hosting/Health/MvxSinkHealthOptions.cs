namespace Mvx.Sink.Extensions.Hosting;

/// <summary>When sinks count as degraded.</summary>
public sealed class MvxSinkHealthOptions
{
    /// <summary>For how long a loss (an event dropped, rejected, failed or undelivered) degrades a sink. Default: 5 minutes. Zero: only at the check that sees it.</summary>
    public TimeSpan RecentLoss { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Pending events above this degrade a sink. Default: 5 000. Null: any number is fine.</summary>
    public long? PendingThreshold { get; set; } = 5_000;

    /// <summary>
    /// A sink that has had pending events for this long and finished none is stuck, which degrades it. A dispatch is timed by the sink, with its own TimeProvider; what
    /// waits without a dispatch, for a start that hangs, say, is measured between checks, by the TimeProvider here. Default: 30 seconds. Null: never.
    /// </summary>
    public TimeSpan? StuckAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock. Default: the <see cref="System.TimeProvider"/> among the services, or the system's.</summary>
    public TimeProvider? TimeProvider { get; set; }
}
