using System.Net;

namespace Mvx.Sink.Integration.Verification.GoodSinks;

/// <summary>Posts each event to a server over one kept connection.</summary>
internal sealed class HttpSink(SinkOptions options, Uri address) : AsyncSink<string>(options)
{
    private HttpClient? _client;
    private long _sent;

    public long Sent => _sent;

    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { BaseAddress = address };
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri("health", UriKind.Relative), cancellationToken);
            answer.EnsureSuccessStatusCode();
        }
        catch
        {
            client.Dispose();
            throw;
        }

        _client = client;
    }

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        using var content = new StringContent(item);
        using HttpResponseMessage answer = await _client!.PostAsync(new Uri("events", UriKind.Relative), content, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.Accepted)
            throw new HttpRequestException($"The server answered {(int)answer.StatusCode}.");
        _sent++;
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        _client?.Dispose();
        _client = null;
        return ValueTask.CompletedTask;
    }
}
