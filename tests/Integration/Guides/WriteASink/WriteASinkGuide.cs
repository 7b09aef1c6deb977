using System.Net;
using System.Text.Json;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Guides.WriteASink;

/// <summary>docs/guide/write-a-sink.md: its snippets run, and what it says of them holds. Its clients need the thread pool within a stop's grace, so it runs alone.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class WriteASinkGuide : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mvx-sink-guide-");
    private readonly TestCollector _collector = new();

    private string SpoolPath => Path.Combine(_folder.FullName, "spool.jsonl");

    private CollectorConfig Config => new(new Uri("http://collector.example/"), SpoolPath) { RetryDelay = TimeSpan.Zero };

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void One_method_makes_a_sink()
    {
        HttpClient collector = _collector.Connect(new Uri("http://collector.example/"));

        // <use>
        using (ManagedSink<FirstSink> managed = SinkRuntime.Create(() => new FirstSink(collector)))
        {
            managed.Sink.Log(new AuditEntry("ann", "login"));
        } // delivered, and the thread has ended
        // </use>

        Assert.Equal(new AuditEntry("ann", "login"), Assert.Single(_collector.Entries));
    }

    [Fact]
    public void A_start_that_fails_says_why()
    {
        _collector.IsReady = false;
        var error = Assert.Throws<SinkCreationException>(Create);
        Assert.IsType<OnStartingHookFailedException>(error.InnerException);
        Assert.IsType<HttpRequestException>(error.InnerException.InnerException);
    }

    [Fact]
    public async Task A_stopped_sink_starts_again_with_a_client_made_anew()
    {
        using ManagedSink<CollectorSink> managed = Create();
        managed.Sink.Log(new AuditEntry("ann", "before"));
        Assert.True((await managed.Sink.Stop()).Success);
        Assert.True((await managed.Sink.Start()).Success);
        managed.Sink.Log(new AuditEntry("ann", "after"));
        await managed.Sink.FlushAsync();
        Assert.Equal(["before", "after"], _collector.Entries.Select(static entry => entry.Action));
    }

    [Fact]
    public void Events_travel_in_batches()
    {
        using (ManagedSink<CollectorSink> managed = Create())
        {
            for (int i = 0; i < 250; i++)
                managed.Sink.Log(new AuditEntry("ann", $"{i}"));
        }

        Assert.Equal(Enumerable.Range(0, 250).Select(static i => $"{i}"), _collector.Entries.Select(static entry => entry.Action));
        Assert.All(_collector.Posts, static post => Assert.InRange(post.Length, 1, 100));
    }

    [Fact]
    public async Task A_fault_that_passes_is_retried_and_loses_nothing()
    {
        _collector.Failing = 2;
        using ManagedSink<CollectorSink> managed = Create();
        managed.Sink.Log(new AuditEntry("ann", "login"));
        Assert.Equal(new FlushReport(Delivered: 1, Failed: 0, Undelivered: 0), await managed.Sink.FlushAsync());
        Assert.False(File.Exists(SpoolPath));
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, 3)]
    [InlineData(HttpStatusCode.Unauthorized, 1)]
    public async Task A_fault_that_stays_ends_the_sink_and_every_event_is_in_the_spool(HttpStatusCode code, int posts)
    {
        var entered = new Checkpoint();
        _collector.Before = async token => await entered.PassAsync(token);
        _collector.FailureCode = code;
        _collector.Failing = posts;
        using ManagedSink<CollectorSink> managed = Create();
        string[] actions = [.. Enumerable.Range(0, 150).Select(static i => $"{i}")];
        foreach (string action in actions)
            managed.Sink.Log(new AuditEntry("ann", action));
        entered.UntilReached();
        entered.Open();
        FlushReport report = await managed.Sink.FlushAsync();

        Assert.Equal(new FlushReport(Delivered: 0, Failed: 1, Undelivered: 149), report);
        managed.Sink.UntilAtRest();
        Assert.Equal(0, _collector.Failing);
        Assert.Equal(code, Assert.IsType<HttpRequestException>(Assert.IsType<UnexpectedSinkException>(managed.Sink.LastError).InnerException).StatusCode);
        Assert.Equal(actions, File.ReadLines(SpoolPath).Select(static line => JsonSerializer.Deserialize<AuditEntry>(line)!.Action));
    }

    [Fact]
    public async Task A_stop_over_its_budget_hands_the_rest_to_the_spool()
    {
        var entered = new Checkpoint();
        _collector.Before = async token => await entered.PassAsync(token);
        using ManagedSink<CollectorSink> managed = Create();
        for (int i = 0; i < 150; i++)
            managed.Sink.Log(new AuditEntry("ann", $"{i}"));
        entered.UntilReached();
        SinkOperationResult stopped = await managed.Sink.Stop(TimeSpan.Zero);

        Assert.IsType<StopBudgetSpentException>(stopped.Error);
        Assert.Equal(150, File.ReadLines(SpoolPath).Count());
    }

    [Fact]
    public void A_time_limit_of_ones_own_is_a_failure_and_no_cancellation()
    {
        _collector.Before = static token => Task.Delay(Timeout.InfiniteTimeSpan, token);
        HttpClient collector = _collector.Connect(new Uri("http://collector.example/"));
        using ManagedSink<ImpatientSink> managed = SinkRuntime.Create(() => new ImpatientSink(collector, TimeSpan.FromMilliseconds(1)));
        managed.Sink.Log(new AuditEntry("ann", "login"));
        managed.Sink.UntilState(SinkState.Failure);
        Assert.IsType<TimeoutException>(managed.Sink.LastError!.InnerException);
    }

    [Fact]
    public void The_clients_own_timeout_is_a_failure_too()
    {
        _collector.Before = static token => Task.Delay(Timeout.InfiniteTimeSpan, token);
        HttpClient collector = _collector.Connect(new Uri("http://collector.example/"));
        collector.Timeout = TimeSpan.FromMilliseconds(1);
        using ManagedSink<FirstSink> managed = SinkRuntime.Create(() => new FirstSink(collector));
        managed.Sink.Log(new AuditEntry("ann", "login"));
        managed.Sink.UntilState(SinkState.Failure);
        Assert.IsType<TimeoutException>(managed.Sink.LastError!.InnerException!.InnerException);
    }

    [Fact]
    public async Task A_guard_keeps_a_backend_that_logs_from_feeding_itself()
    {
        ReentrancyGuard<AuditEntry>? log = null;
        _collector.Before = _ =>
        {
            log!.Log(new AuditEntry("http client", "post"));
            return Task.CompletedTask;
        };
        CollectorConfig config = Config;
        Func<Uri, HttpClient> connect = _collector.Connect;

        // <guard>
        await using ManagedSink<CollectorSink> managed = SinkRuntime.Create(() => new CollectorSink(config, connect));
        var guarded = new ReentrancyGuard<AuditEntry>(managed.Sink);
        // </guard>

        log = guarded;
        guarded.Log(new AuditEntry("ann", "login"));
        await managed.Sink.FlushAsync();
        Assert.Equal(new AuditEntry("ann", "login"), Assert.Single(_collector.Entries));
        Assert.Equal((1, 1), (guarded.Reentered, managed.Sink.Ledger.Dropped));
    }

    [Fact]
    public void It_can_be_configured_by_name()
    {
        CollectorConfig config = Config;
        Assert.Equal(CollectorSink.BuildDescriptor(config), CollectorSink.BuildDescriptor(Config));
        Assert.NotEqual(CollectorSink.BuildDescriptor(config), CollectorSink.BuildDescriptor(config with { Address = new Uri("http://other.example/") }));
    }

    private ManagedSink<CollectorSink> Create()
    {
        CollectorConfig config = Config;
        return SinkRuntime.Create(() => new CollectorSink(config, _collector.Connect));
    }
}
