using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Mvx.Sink.Integration.Guides.WriteASink;

/// <summary>A collector in memory, behind a real HTTP client.</summary>
internal sealed class TestCollector
{
    private readonly Lock _lock = new();
    private readonly List<AuditEntry[]> _posts = [];
    private int _failing;

    /// <summary>Runs before each post is answered; it may throw or wait.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = static _ => Task.CompletedTask;

    /// <summary>What is answered while it fails.</summary>
    public HttpStatusCode FailureCode { get; set; } = HttpStatusCode.ServiceUnavailable;

    /// <summary>How many of the next posts fail.</summary>
    public int Failing
    {
        get => Volatile.Read(ref _failing);
        set => Volatile.Write(ref _failing, value);
    }

    public bool IsReady { get; set; } = true;

    public AuditEntry[][] Posts
    {
        get
        {
            lock (_lock)
                return [.. _posts];
        }
    }

    public IEnumerable<AuditEntry> Entries => Posts.SelectMany(static post => post);

    public HttpClient Connect(Uri address) => new(new Handler(this)) { BaseAddress = address };

    public void Clear()
    {
        lock (_lock)
            _posts.Clear();
    }

    private async Task<HttpStatusCode> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Get)
            return IsReady ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable;
        await Before(cancellationToken);
        if (Failing > 0)
        {
            Interlocked.Decrement(ref _failing);
            return FailureCode;
        }

        JsonElement body = await request.Content!.ReadFromJsonAsync<JsonElement>(cancellationToken);
        AuditEntry[] entries = body.ValueKind == JsonValueKind.Array ? body.Deserialize<AuditEntry[]>(JsonSerializerOptions.Web)! : [body.Deserialize<AuditEntry>(JsonSerializerOptions.Web)!];
        lock (_lock)
            _posts.Add(entries);
        return HttpStatusCode.Accepted;
    }

    private sealed class Handler(TestCollector owner) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            new(await owner.AnswerAsync(request, cancellationToken)) { RequestMessage = request };
    }
}
