using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Mvx.Sink.Runtime;

/// <summary>The base of a sink for log events. See <see cref="AsyncSink{TEvent}"/>.</summary>
public abstract class AsyncLogSink : AsyncSink<LogEvent>
{
    /// <summary>The name of the event that tells of dropped ones, under <see cref="SinkOptions.AnnounceLoss"/>.</summary>
    public const string LossEventName = "events.lost";

    private readonly LogEventLevel _reserveForLevel;

    /// <summary>Binds the new sink to the current event loop.</summary>
    /// <param name="options">How the runtime behaves; null: all defaults.</param>
    /// <exception cref="EventLoopUnavailableException">There is no current event loop.</exception>
    protected AsyncLogSink(SinkOptions? options = null)
        : base(options) => _reserveForLevel = (options ?? new SinkOptions()).ReserveForLevel;

    /// <summary>Whether the event's level is at or above <see cref="SinkOptions.ReserveForLevel"/>.</summary>
    /// <param name="item">The event.</param>
    /// <returns>Whether it is.</returns>
    protected override bool MayUseReserve(LogEvent item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.Level >= _reserveForLevel;
    }

    /// <summary>A warning named <see cref="LossEventName"/>, whose message says how many events are missing, and whose payload has the number as <c>lost</c>.</summary>
    /// <param name="lost">How many.</param>
    /// <param name="item">The event.</param>
    /// <returns>True.</returns>
    protected override bool TryCreateLossEvent(long lost, [MaybeNullWhen(false)] out LogEvent item)
    {
        item = new LogEvent
        {
            Level = LogEventLevel.Warning,
            Name = LossEventName,
            Namespace = "Mvx.Sink",
            Timestamp = Now(),
            Message = lost == 1 ? "1 event lost" : string.Create(CultureInfo.InvariantCulture, $"{lost} events lost"),
            Payload = new Dictionary<string, object?>(StringComparer.Ordinal) { ["lost"] = lost },
        };
        return true;
    }
}
