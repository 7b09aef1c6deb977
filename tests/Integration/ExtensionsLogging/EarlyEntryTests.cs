using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mvx.Sink.Extensions.Hosting;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.ExtensionsLogging;

/// <summary>What is logged before the sink exists.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class EarlyEntryTests
{
    [Fact]
    public async Task A_backend_that_logs_gets_more_early_entries_than_its_queue_holds()
    {
        var mayStart = new TaskCompletionSource();
        await using ServiceProvider services = Services(builder => builder.AddMvxSink("ship", services => new LoggingSink(mayStart.Task, services.GetRequiredService<ILoggerFactory>())));
        ILogger logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("A");
        for (int i = 0; i < 10; i++)
            logger.LogInformation("{I}", i);
        mayStart.SetResult();
        var sink = (LoggingSink)await services.GetRequiredService<MvxSinkHost>().GetAsync("ship").Within();
        logger.LogInformation("{I}", 10);
        await sink.FlushAsync().AsTask().Within();
        Assert.Equal(Enumerable.Range(0, 11).Select(i => $"{i}"), sink.Delivered);
        Assert.Equal(11, sink.Ledger.Dropped); // what the backend logged
    }

    [Fact]
    public async Task Early_entries_beyond_the_limit_are_reported_when_the_sink_runs()
    {
        using var errors = new InternalErrors();
        var mayStart = new TaskCompletionSource();
        MemorySink.WhenStarting("late", async _ => await mayStart.Task);
        await using ServiceProvider services = Services(builder => builder.AddMvxSink<MemorySink, MemorySinkConfig>("late", o =>
        {
            o.Config = new MemorySinkConfig { Key = "late" };
            o.EarlyEntryLimit = 10;
        }));
        ILogger logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("A");
        for (int i = 0; i < 13; i++)
            logger.LogInformation("{I}", i);
        mayStart.SetResult();
        var sink = (MemorySink)await services.GetRequiredService<MvxSinkHost>().GetAsync("late").Within();
        await sink.FlushAsync().AsTask().Within();
        Assert.Equal(10, sink.Ledger.Delivered);
        Exception error = Assert.Single(errors.All, error => error.Data[SinkDiagnostics.ContextKey] is "log entries for sink 'late'");
        Assert.StartsWith("3 entries are lost", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_logged_just_before_a_factory_is_disposed_are_delivered()
    {
        MemorySink? sink = null;
        using (ILoggerFactory factory = LoggerFactory.Create(builder => builder.AddMvxSink<MemorySink, MemorySinkConfig>("brief", o => o.Config = new MemorySinkConfig { Key = "brief" })))
        {
            MemorySink.WhenConstructed("brief", made => sink = made);
            factory.CreateLogger("A").LogInformation("first and last");
        }

        Assert.Equal("first and last", Assert.Single(sink!.Delivered).Message);
    }

    private static ServiceProvider Services(Action<ILoggingBuilder> build) => new ServiceCollection().AddLogging(build).BuildServiceProvider();

    /// <summary>Waits for room, in a queue of four, and logs for each event.</summary>
    private sealed class LoggingSink(Task mayStart, ILoggerFactory factory)
        : AsyncLogSink(new SinkOptions { QueueMaxSize = 4, OverflowPolicy = QueueOverflowPolicy.Wait, WaitTimeout = TimeSpan.FromSeconds(10) })
    {
        private readonly ILogger _logger = factory.CreateLogger("Backend");

        public List<string?> Delivered { get; } = [];

        protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken) => await mayStart;

        protected override ValueTask DispatchAsync(LogEvent item, CancellationToken cancellationToken)
        {
            _logger.LogInformation("posting");
            Delivered.Add(item.Message);
            return ValueTask.CompletedTask;
        }
    }
}
