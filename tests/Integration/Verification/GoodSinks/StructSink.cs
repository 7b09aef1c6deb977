using Mvx.Sink.Verification;

namespace Mvx.Sink.Integration.Verification.GoodSinks;

/// <summary>An event that is a value.</summary>
internal readonly record struct Reading(int Sensor, int Number, double Value);

/// <summary>Keeps values in memory.</summary>
internal sealed class StructSink(SinkOptions options) : AsyncSink<Reading>(options)
{
    public List<Reading> Readings { get; } = [];

    protected override ValueTask DispatchAsync(Reading item, CancellationToken cancellationToken)
    {
        Readings.Add(item);
        return ValueTask.CompletedTask;
    }
}

/// <summary>The least a specification can be, with a way to read back.</summary>
internal sealed class StructSpecification : SinkSpecification<StructSink, Reading>
{
    public override VerificationSettings Settings => TestSettings.Brief;

    protected override StructSink CreateSink(SinkOptions options) => new(options);

    protected override Reading CreateEvent(SinkEventId id) => new(id.Producer, id.Number, id.Number / 2.0);

    protected override IEnumerable<ReceivedEvent> ReadBack(StructSink sink) =>
        sink.Readings.Select(static reading => new ReceivedEvent(new SinkEventId(reading.Sensor, reading.Number), reading));
}
