using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mvx.Sink.Files;
using Mvx.Sink.Integration.Reentrancy;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Guides;

/// <summary>The snippets of docs/guide/aspnetcore.md that are not from the sample, run.</summary>
public sealed class AspNetCoreGuide
{
    [Fact]
    public async Task Services()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHttpClient("collector");

        string folder = Directory.CreateTempSubdirectory("mvx-sink-guide-").FullName;
        string path = Path.Combine(folder, "orders.jsonl");

        // <services>
        builder.Services.AddMvxSinks()
            .AddSink<FileSink, FileSinkConfig>("orders", fromSection => fromSection ?? new FileSinkConfig { Path = path })
            .AddSink("collector", services => new HttpSink(services.GetRequiredService<IHttpClientFactory>(), new Uri("http://collector.example/")));
        builder.Services.AddHostedService<Checkout>();
        // </services>

        using IHost host = builder.Build();
        await host.StartAsync().Within();
        await host.StopAsync().Within();
        Assert.Contains("order.placed", Assert.Single(await File.ReadAllLinesAsync(path)), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Health()
    {
        var services = new ServiceCollection();
        services.AddLogging();

        // <health>
        services.AddHealthChecks().AddMvxSinks(configure: health =>
        {
            health.PendingThreshold = 50_000;
            health.StuckAfter = TimeSpan.FromSeconds(10);
            health.RecentLoss = TimeSpan.FromHours(1);
        });
        // </health>

        await using ServiceProvider provider = services.BuildServiceProvider();
        Assert.Equal(HealthStatus.Healthy, (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status);
    }

    [Fact]
    public async Task Reentrancy()
    {
        var services = new ServiceCollection();
        using ManagedSink<MemorySink> managed = SinkRuntime.Create(() => new MemorySink(new MemorySinkConfig { Key = "guide" }));
        MemorySink local = managed.Sink;

        // <reentrancy>
        services.AddLogging(logging => logging.AddMvxSink<MemorySink, MemorySinkConfig>("ship", o =>
        {
            o.Config = new MemorySinkConfig { Key = "ship" };
            o.Reentrancy = ReentrancyPolicy.Fallback;
            o.ReentrancyFallback = local;
        }));
        // </reentrancy>

        await using ServiceProvider provider = services.BuildServiceProvider();
        provider.GetRequiredService<ILogger<AspNetCoreGuide>>().LogInformation("x");
    }

    // <checkout>
    private sealed class Checkout([FromKeyedServices("orders")] ISink<LogEvent> orders) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            orders.Log(LogEvent.Create(LogEventLevel.Information, "order.placed"));
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
    // </checkout>
}
