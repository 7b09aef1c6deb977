using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mvx.Sink.Extensions.Hosting;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.ExtensionsHosting;

/// <summary>What is told beside the exception that the caller gets. The hook is the whole process's: what earlier tests left behind may still report there.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class FailedStartTests
{
    [Fact]
    public async Task A_failed_start_is_the_callers_to_tell_and_only_lost_entries_are_reported()
    {
        MemorySink.WhenStarting("fs-start", _ => throw new IOException("disk full"));
        using var capture = new DiagnosticsCapture();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddMvxSink<MemorySink, MemorySinkConfig>("fs-audit", o => o.Config = new MemorySinkConfig { Key = "fs-start" });
        builder.Services.AddMvxSinks().AddSink<MemorySink, MemorySinkConfig>("fs-other", _ => new MemorySinkConfig { Key = "fs-starts" });
        using (IHost host = builder.Build())
        {
            host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("A").LogInformation("early");
            await Assert.ThrowsAsync<SinkCreationException>(() => host.StartAsync().Within());
        }

        Exception told = Assert.Single(AboutThese(capture));
        Assert.Equal("log entries for sink 'fs-audit'", told.Data[SinkDiagnostics.ContextKey]);

        // The host logs its failure as well, before or after.
        Assert.Matches("^[12] (entry is|entries are) lost, ", told.Message);
    }

    [Fact]
    public async Task A_failed_start_without_entries_reports_nothing()
    {
        MemorySink.WhenStarting("fs-quietly", _ => throw new IOException("disk full"));
        using var capture = new DiagnosticsCapture();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddMvxSinks()
            .AddSink<MemorySink, MemorySinkConfig>("fs-other", _ => new MemorySinkConfig { Key = "fs-starts" })
            .AddSink<MemorySink, MemorySinkConfig>("fs-audit", _ => new MemorySinkConfig { Key = "fs-quietly" });
        using (IHost host = builder.Build())
            await Assert.ThrowsAsync<SinkCreationException>(() => host.StartAsync().Within());
        Assert.Empty(AboutThese(capture));
    }

    [Fact]
    public async Task A_failed_stop_is_told_once()
    {
        using var capture = new DiagnosticsCapture();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddMvxSinks().AddSink<MemorySink, MemorySinkConfig>("fs-audit", _ => new MemorySinkConfig { Key = "fs-stop" });
        using (IHost host = builder.Build())
        {
            await host.StartAsync().Within();
            MemorySink sink = host.Services.GetRequiredService<MvxSinkHost>().Get<MemorySink>("fs-audit");
            var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            sink.Dispatching = async (_, _) =>
            {
                await hold.Task;
                throw new IOException("disk full");
            };
            sink.Log(LogEvent.Create(LogEventLevel.Information, "a"));
            Task stop = host.StopAsync();
            hold.SetResult();
            Exception error = await Assert.ThrowsAnyAsync<Exception>(() => stop.Within());
            Assert.Contains("disk full", error.ToString(), StringComparison.Ordinal);
        }

        Assert.Empty(AboutThese(capture));
    }

    private static Exception[] AboutThese(DiagnosticsCapture capture) =>
        [.. capture.Errors.Where(static error => $"{DiagnosticsCapture.ContextOf(error)} {error}".Contains("fs-", StringComparison.Ordinal))];
}
