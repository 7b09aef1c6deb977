using System.Net.Http.Json;

namespace Mvx.Sink.Integration.Guides.WriteASink;

public sealed class ImpatientSink(HttpClient collector, TimeSpan patience) : AsyncSink<AuditEntry>
{
    // <timeout>
    protected override async ValueTask DispatchAsync(AuditEntry item, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            using HttpResponseMessage answer = await collector.PostAsJsonAsync("events", item, limit.Token);
            answer.EnsureSuccessStatusCode();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The collector did not answer within {patience}.");
        }
    }
    // </timeout>
}
