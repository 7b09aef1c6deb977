using System.Text;

namespace Mvx.Sink.Integration.Reentrancy;

/// <summary>A sink that posts each event, with a client whose handlers log what it does.</summary>
internal sealed class HttpSink(IHttpClientFactory clients, Uri target) : AsyncLogSink
{
    protected override async ValueTask DispatchAsync(LogEvent item, CancellationToken cancellationToken)
    {
        using var body = new StringContent(item.Message ?? "", Encoding.UTF8);
        using HttpResponseMessage response = await clients.CreateClient("collector").PostAsync(target, body, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
