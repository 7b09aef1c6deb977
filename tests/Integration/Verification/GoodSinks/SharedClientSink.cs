using Mvx.Sink.Verification;

namespace Mvx.Sink.Integration.Verification.GoodSinks;

/// <summary>Posts over a client that all instances share for the life of the process, as HttpClient asks for.</summary>
internal sealed class SharedClientSink(SinkOptions options, Uri address) : AsyncSink<string>(options)
{
    private static readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) });

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        using var content = new StringContent(item);
        using HttpResponseMessage answer = await _client.PostAsync(new Uri(address, "events"), content, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}

/// <summary>Verifies it against a server that the test owns.</summary>
internal sealed class SharedClientSpecification(HttpServer server) : SinkSpecification<SharedClientSink, string>
{
    public override VerificationSettings Settings => TestSettings.Brief;

    protected override SharedClientSink CreateSink(SinkOptions options) => new(options, server.Address);

    protected override string CreateEvent(SinkEventId id) => $"{id} over HTTP";

    protected override IEnumerable<ReceivedEvent> ReadBack(SharedClientSink sink) => server.Backend.Lines.Select(static line => new ReceivedEvent(SinkEventId.Find(line), line));

    protected override void BreakBackend(SharedClientSink sink) => server.Backend.Break();

    protected override void StallBackend(SharedClientSink sink) => server.Backend.Stall();

    protected override void FailNextWrites(SharedClientSink sink, int count) => server.Backend.FailNext(count);

    protected override void HealBackend(SharedClientSink sink) => server.Backend.Heal();

    protected override void ResetBackend() => server.Backend.Clear();
}
