using System.Net.Http.Json;

namespace Mvx.Sink.Integration.Guides.WriteASink;

// <first>
public sealed class FirstSink(HttpClient collector) : AsyncSink<AuditEntry>
{
    protected override async ValueTask DispatchAsync(AuditEntry item, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await collector.PostAsJsonAsync("events", item, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
// </first>
