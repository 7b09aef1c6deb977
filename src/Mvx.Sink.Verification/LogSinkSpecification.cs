namespace Mvx.Sink.Verification;

/// <summary>A specification for a sink of <see cref="LogEvent"/>: the events are made already. Their ids are in EntityId, in the message and in the payload.</summary>
/// <typeparam name="TSink">The sink's class.</typeparam>
public abstract class LogSinkSpecification<TSink> : SinkSpecification<TSink, LogEvent>
    where TSink : class, ISinkLifecycle
{
    private static readonly DateTimeOffset _epoch = new(2024, 2, 29, 12, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    protected internal override LogEvent CreateEvent(SinkEventId id) => new()
    {
        Level = LogEventLevel.Information,
        Name = "verification.event",
        Timestamp = _epoch.AddMilliseconds(id.Number),
        EntityId = id.ToString(),
        Message = $"event {id} – with ünïcode, \"quotes\" and\na line break",
        Payload = new Dictionary<string, object?>(StringComparer.Ordinal) { ["id"] = id.ToString(), ["number"] = id.Number },
    };
}
