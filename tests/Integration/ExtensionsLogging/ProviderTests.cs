using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mvx.Sink.Extensions.Hosting;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.ExtensionsLogging;

public sealed class ProviderTests
{
    [Fact]
    public async Task Levels_are_filtered_by_configuration_under_the_alias()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["LogLevel:Default"] = "Trace",
            ["MvxSink:LogLevel:Default"] = "Warning",
            ["MvxSink:LogLevel:Shop"] = "Debug",
        }).Build();
        using var fixture = new LoggerFixture(build: builder => builder.AddConfiguration(configuration));
        fixture.Logger.LogTrace("no");
        fixture.Logger.LogDebug("yes");
        ILogger other = fixture.Factory.CreateLogger("Other");
        other.LogInformation("no");
        other.LogWarning("yes");
        Assert.Equal(["yes", "yes"], (await fixture.EventsAsync()).Select(entry => entry.Message));
        Assert.False(other.IsEnabled(LogLevel.Information));
    }

    [Fact]
    public async Task A_minimum_level_holds_whatever_the_filters_say()
    {
        using var fixture = new LoggerFixture(options => options.MinimumLevel = LogLevel.Error);
        fixture.Logger.LogWarning("no");
        fixture.Logger.LogError("yes");
        Assert.Equal("yes", (await fixture.SingleAsync()).Message);
    }

    [Fact]
    public void Without_a_host_the_factory_creates_the_sink_at_the_first_entry_and_terminates_it()
    {
        MemorySink? sink;
        using (ServiceProvider services = new ServiceCollection()
            .AddLogging(builder => builder.AddMvxSink<MemorySink, MemorySinkConfig>("audit", o => o.Config = new MemorySinkConfig { Key = "no-host" }))
            .BuildServiceProvider())
        {
            ILogger logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("A");
            Assert.Empty(services.GetRequiredService<SinkRegistry>().Names);
            for (int i = 0; i < 100; i++)
                logger.LogInformation("{I}", i);
            sink = services.GetRequiredService<MvxSinkHost>().Get<MemorySink>("audit");
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), sink.Delivered.Select(entry => entry.Message));
        Assert.Equal(SinkState.Stopped, sink.State);
    }

    [Fact]
    public async Task A_log_call_does_not_wait_for_the_creation_of_the_sink()
    {
        var started = new TaskCompletionSource();
        var mayStart = new TaskCompletionSource();
        MemorySink.WhenStarting("slow-start", async _ =>
        {
            started.TrySetResult();
            await mayStart.Task;
        });
        await using ServiceProvider services = new ServiceCollection()
            .AddLogging(builder => builder.AddMvxSink<MemorySink, MemorySinkConfig>("audit", o => o.Config = new MemorySinkConfig { Key = "slow-start" }))
            .BuildServiceProvider();
        ILogger logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("A");
        logger.LogInformation("first");
        await started.Task.Within();
        logger.LogInformation("second");
        mayStart.SetResult();
        var sink = (MemorySink)await services.GetRequiredService<MvxSinkHost>().GetAsync("audit").Within();
        logger.LogInformation("third");
        await services.DisposeAsync();
        Assert.Equal(["first", "second", "third"], sink.Delivered.Select(entry => entry.Message));
    }

    [Fact]
    public async Task Early_entries_of_a_sink_that_cannot_be_created_are_told_lost()
    {
        var told = new TaskCompletionSource<Exception>();
        MemorySink.WhenStarting("cannot", _ => throw new IOException("disk"));
        Action<Exception>? before = SinkDiagnostics.InternalError;
        SinkDiagnostics.InternalError = error =>
        {
            if (error.Data[SinkDiagnostics.ContextKey] is string context && context.Contains("'cannot'", StringComparison.Ordinal))
                told.TrySetResult(error);
        };
        try
        {
            await using ServiceProvider services = new ServiceCollection()
                .AddLogging(builder => builder.AddMvxSink<MemorySink, MemorySinkConfig>("cannot", o => o.Config = new MemorySinkConfig { Key = "cannot" }))
                .BuildServiceProvider();
            services.GetRequiredService<ILoggerFactory>().CreateLogger("A").LogInformation("lost");
            Exception error = await told.Task.Within();
            Assert.Contains("1 entry is lost", error.Message, StringComparison.Ordinal);
            Assert.Contains("disk", error.Message, StringComparison.Ordinal);
            Assert.Equal("log entries for sink 'cannot'", error.Data[SinkDiagnostics.ContextKey]);
        }
        finally
        {
            SinkDiagnostics.InternalError = before;
        }
    }

    [Fact]
    public void The_same_sink_twice_is_one_provider_and_another_under_its_name_is_refused()
    {
        var services = new ServiceCollection();
        services.AddLogging(builder => builder
            .AddMvxSink<MemorySink, MemorySinkConfig>("audit", o => o.Config = new MemorySinkConfig { Key = "twice" })
            .AddMvxSink<MemorySink, MemorySinkConfig>("audit"));
        Assert.Single(services, service => service.ServiceType == typeof(ILoggerProvider));
        var error = Assert.Throws<InvalidOperationException>(() => services.AddLogging(builder => builder.AddMvxSink("audit", _ => new MemorySink(new MemorySinkConfig { Key = "x" }))));
        Assert.Contains("\"audit\"", error.Message, StringComparison.Ordinal);
    }
}
