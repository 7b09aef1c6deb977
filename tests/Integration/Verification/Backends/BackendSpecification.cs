using Mvx.Sink.Verification;

namespace Mvx.Sink.Integration.Verification.Backends;

/// <summary>Verifies any sink on a <see cref="MemoryBackend"/>.</summary>
internal class BackendSpecification<TSink>(Func<SinkOptions, MemoryBackend, TSink> create) : SinkSpecification<TSink, string>
    where TSink : class, ISinkLifecycle
{
    public override VerificationSettings Settings { get; } = TestSettings.Thorough;

    public override SinkCapabilities Capabilities => (base.Capabilities | Extra | SinkCapabilities.Neighbours) & ~Without;

    public SinkCapabilities Extra { get; init; }

    public SinkCapabilities Without { get; init; }

    protected MemoryBackend Backend { get; } = new();

    protected override TSink CreateSink(SinkOptions options) => create(options, Backend);

    protected override string CreateEvent(SinkEventId id) => $"{id} is an event with some text";

    protected override IEnumerable<ReceivedEvent> ReadBack(TSink sink) => Backend.Lines.Select(static line => new ReceivedEvent(SinkEventId.Find(line), line));

    protected override void BreakBackend(TSink sink) => Backend.Break();

    protected override void StallBackend(TSink sink) => Backend.Stall();

    protected override void FailWrites(TSink sink, int after, int count) => Backend.Fail(after, count);

    protected override void HealBackend(TSink sink) => Backend.Heal();

    protected override void ResetBackend() => Backend.Clear();
}
