using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Mvx.Sink.Integration.Guides.WriteASink;

// <hooks>
public sealed class CollectorSink(CollectorConfig config, Func<Uri, HttpClient> connect)
    : AsyncSink<AuditEntry>(config.Options), IDescribedSink<CollectorSink, CollectorConfig>
{
    private HttpClient? _collector;

    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        HttpClient collector = connect(config.Address);
        try
        {
            using HttpResponseMessage answer = await collector.GetAsync("ready", cancellationToken);
            answer.EnsureSuccessStatusCode();
        }
        catch
        {
            collector.Dispose(); // OnStoppedAsync does not run after a start that failed
            throw;
        }

        _collector = collector;
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        _collector?.Dispose();
        return ValueTask.CompletedTask;
    }
    // </hooks>

    // <batch>
    protected override async ValueTask DispatchBatchAsync(ReadOnlyMemory<AuditEntry> batch, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(batch, cancellationToken);
        }
        catch
        {
            await SpoolAsync([batch.Span[0]]); // it counts as failed; the others are handed over
            throw;
        }
    }

    protected override ValueTask DispatchAsync(AuditEntry item, CancellationToken cancellationToken) =>
        DispatchBatchAsync(new[] { item }, cancellationToken);
    // </batch>

    // <undelivered>
    protected override async ValueTask OnUndeliveredAsync(IReadOnlyList<AuditEntry> items, SinkException cause) =>
        await SpoolAsync(items);

    private async Task SpoolAsync(IEnumerable<AuditEntry> entries) =>
        await File.AppendAllLinesAsync(config.SpoolPath, entries.Select(entry => JsonSerializer.Serialize(entry)));
    // </undelivered>

    // <retry>
    private async Task SendAsync(ReadOnlyMemory<AuditEntry> batch, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                using HttpResponseMessage answer = await _collector!.PostAsJsonAsync("events", batch, cancellationToken);
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException error) when (attempt < config.Attempts && MayPass(error))
            {
                await Task.Delay(config.RetryDelay * attempt, config.Options.TimeProvider, cancellationToken);
            }
        }
    }

    private static bool MayPass(HttpRequestException error) =>
        error.StatusCode is null or HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests;
    // </retry>

    // <described>
    public static SinkDescriptor BuildDescriptor(CollectorConfig config) =>
        new("collector", resourceKey: [config.Address, Path.GetFullPath(config.SpoolPath)], configKey: [config.Attempts, config.RetryDelay, config.Options]);

    public static CollectorSink Construct(CollectorConfig config) =>
        new(config, static address => new HttpClient { BaseAddress = address });
    // </described>
}
