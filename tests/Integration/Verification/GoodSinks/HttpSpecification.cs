using Mvx.Sink.Verification;

namespace Mvx.Sink.Integration.Verification.GoodSinks;

/// <summary>Verifies the HTTP sink against a server that the test owns.</summary>
internal sealed class HttpSpecification(HttpServer server) : SinkSpecification<HttpSink, string>
{
    public override VerificationSettings Settings => TestSettings.Brief with { OperationTimeout = TimeSpan.FromSeconds(5) };

    public override SinkCapabilities Capabilities => base.Capabilities | SinkCapabilities.WriteThrough;

    protected override HttpSink CreateSink(SinkOptions options) => new(options, server.Address);

    protected override string CreateEvent(SinkEventId id) => $"{id} over HTTP";

    protected override IEnumerable<ReceivedEvent> ReadBack(HttpSink sink) => server.Backend.Lines.Select(static line => new ReceivedEvent(SinkEventId.Find(line), line));

    protected override void BreakBackend(HttpSink sink) => server.Backend.Break();

    protected override void StallBackend(HttpSink sink) => server.Backend.Stall();

    protected override void FailWrites(HttpSink sink, int after, int count) => server.Backend.Fail(after, count);

    protected override void HealBackend(HttpSink sink) => server.Backend.Heal();

    protected override void ResetBackend() => server.Backend.Clear();
}
