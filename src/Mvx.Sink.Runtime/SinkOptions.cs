namespace Mvx.Sink.Runtime;

/// <summary>How a sink's runtime behaves. Bad values are refused where they are set.</summary>
public sealed record SinkOptions
{
    /// <summary>The pending limit of a sink whose options name none: 10 000 events.</summary>
    public const int DefaultQueueMaxSize = 10_000;

    /// <summary>
    /// Names the sink: its loop thread, its diagnostics and the events of its observables. Null: the name under which a registry
    /// creates it, else the name of the sink's class.
    /// </summary>
    /// <exception cref="ArgumentException">The name is empty or white space.</exception>
    public string? Namespace
    {
        get;
        init
        {
            if (value is not null && string.IsNullOrWhiteSpace(value))
                throw new ArgumentException($"Namespace is \"{value}\"; give it a name, or null for its name in the registry or that of its class.", nameof(Namespace));
            field = value;
        }
    }

    /// <summary>The pending limit: how many accepted events may be unfinished at once. Null: 10 000. At least 1 (rule A9).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? QueueMaxSize
    {
        get;
        init
        {
            if (value < 1)
                throw new ArgumentOutOfRangeException(nameof(QueueMaxSize), value, "QueueMaxSize counts pending events and must be at least 1; null gives the default of 10 000.");
            field = value;
        }
    }

    /// <summary>What happens to an event offered at the pending limit (rule A3). Default: RaiseError.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enum's.</exception>
    public QueueOverflowPolicy OverflowPolicy
    {
        get;
        init
        {
            if (!Enum.IsDefined(value))
                throw new ArgumentOutOfRangeException(nameof(OverflowPolicy), value, $"OverflowPolicy must be one of {string.Join(", ", Enum.GetNames<QueueOverflowPolicy>())}.");
            field = value;
        }
    }

    /// <summary>
    /// How long <c>Log</c> and <c>TryLog</c> wait for room under <see cref="QueueOverflowPolicy.Wait"/>, by the system's clock. Default: one second. A stop, a failure and a
    /// termination end the wait, and on the sink's own loop there is none. <see cref="Timeout.InfiniteTimeSpan"/>: as long as it takes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative and not infinite, or longer than a day.</exception>
    public TimeSpan WaitTimeout
    {
        get;
        init
        {
            ThrowIfNoBudget(value, nameof(WaitTimeout));
            field = value;
        }
    } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many of the last places in the queue are kept for important events: those at or above <see cref="ReserveForLevel"/>, or those that an override of
    /// <c>MayUseReserve</c> names. For all others the limit is that much lower. Default: none. Below <see cref="QueueMaxSize"/>, or the sink's constructor throws.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int ReserveCount
    {
        get;
        init
        {
            if (value < 0)
                throw new ArgumentOutOfRangeException(nameof(ReserveCount), value, "ReserveCount counts places in the queue and must not be negative; 0 keeps none.");
            field = value;
        }
    }

    /// <summary>From which level on an <see cref="AsyncLogSink"/>'s event may use the places that <see cref="ReserveCount"/> keeps. Default: Error.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enum's.</exception>
    public LogEventLevel ReserveForLevel
    {
        get;
        init
        {
            if (!Enum.IsDefined(value))
                throw new ArgumentOutOfRangeException(nameof(ReserveForLevel), value, $"ReserveForLevel must be one of {string.Join(", ", Enum.GetNames<LogEventLevel>())}.");
            field = value;
        }
    } = LogEventLevel.Error;

    /// <summary>
    /// Whether the backend is told of dropped events: where some are missing, one event says how many, before the next accepted one is dispatched. Default: no.
    /// An <see cref="AsyncLogSink"/> tells with a warning; other sinks override <c>TryCreateLossEvent</c>, or the constructor throws.
    /// </summary>
    public bool AnnounceLoss { get; init; }

    /// <summary>How many events one dispatch may take at most. Default: 1. At least 1. See <c>DispatchBatchAsync</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaxBatchSize
    {
        get;
        init
        {
            if (value < 1)
                throw new ArgumentOutOfRangeException(nameof(MaxBatchSize), value, "MaxBatchSize counts events and must be at least 1, which is the default.");
            field = value;
        }
    } = 1;

    /// <summary>
    /// How long the first event of a batch may wait for others to fill it. Default: zero, a batch is whatever is there. A stop and a flush do not wait.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or longer than a day.</exception>
    public TimeSpan MaxBatchDelay
    {
        get;
        init
        {
            if (value < TimeSpan.Zero || value > TimeSpan.FromDays(1))
                throw new ArgumentOutOfRangeException(nameof(MaxBatchDelay), value, "MaxBatchDelay must be between zero, which is the default, and one day.");
            field = value;
        }
    }

    /// <summary>The clock that stamps lifecycle and dispatch events and times <see cref="MaxBatchDelay"/>. Default: the system's.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(TimeProvider), "TimeProvider must not be null; TimeProvider.System is the default.");
    } = TimeProvider.System;

    /// <summary>
    /// How long a stop may take unless its caller says otherwise; see <c>Stop(TimeSpan)</c>. Default: 20 seconds, which leaves a host's usual 30 some room.
    /// <see cref="Timeout.InfiniteTimeSpan"/>: as long as it takes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative and not infinite, or longer than a day.</exception>
    public TimeSpan StopBudget
    {
        get;
        init
        {
            ThrowIfNoBudget(value, nameof(StopBudget));
            field = value;
        }
    } = TimeSpan.FromSeconds(20);

    internal static void ThrowIfNoBudget(TimeSpan value, string name)
    {
        if (value != Timeout.InfiniteTimeSpan && (value < TimeSpan.Zero || value > TimeSpan.FromDays(1)))
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be between zero and one day, or Timeout.InfiniteTimeSpan.");
    }

    internal int Limit => QueueMaxSize ?? DefaultQueueMaxSize;
}
