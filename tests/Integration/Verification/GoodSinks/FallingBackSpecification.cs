using Mvx.Sink.Integration.Verification.Backends;
using Mvx.Sink.Verification;

namespace Mvx.Sink.Integration.Verification.GoodSinks;

/// <summary>Verifies the sink with two backends: what arrived in either has arrived, in whatever order between the two.</summary>
internal sealed class FallingBackSpecification : SinkSpecification<FallingBackSink, string>
{
    private readonly MemoryBackend _first = new();
    private readonly MemoryBackend _second = new();

    public override VerificationSettings Settings => TestSettings.Brief;

    public override SinkCapabilities Capabilities => base.Capabilities & ~SinkCapabilities.Ordered;

    protected override FallingBackSink CreateSink(SinkOptions options) => new(options, _first, _second);

    protected override string CreateEvent(SinkEventId id) => id.ToString();

    protected override IEnumerable<ReceivedEvent> ReadBack(FallingBackSink sink) => _first.Lines.Concat(_second.Lines).Select(ReceivedEvent.Find);

    protected override void BreakBackend(FallingBackSink sink) => _first.Break();

    protected override void HealBackend(FallingBackSink sink) => _first.Heal();

    protected override void ResetBackend()
    {
        _first.Clear();
        _second.Clear();
    }
}
