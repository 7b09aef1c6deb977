using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mvx.Sink.Extensions.Hosting;
using Mvx.Sink.Extensions.Logging;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Reentrancy;

public sealed class HttpFeedbackTests
{
    [Fact]
    public async Task A_sink_whose_HTTP_client_logs_into_its_own_provider_does_not_feed_itself()
    {
        await using Collector collector = await Collector.StartAsync();
        await using WebApplication application = Application(collector, options => options.Reentrancy = ReentrancyPolicy.Drop);
        await application.StartAsync().Within();
        ILogger logger = application.Services.GetRequiredService<ILoggerFactory>().CreateLogger("App");
        HttpSink sink = application.Services.GetRequiredService<MvxSinkHost>().Get<HttpSink>("ship");
        for (int i = 0; i < 20; i++)
            logger.LogInformation("entry {I}", i);
        await sink.FlushAsync().AsTask().Within();
        SinkLedger once = sink.Ledger;
        await sink.FlushAsync().AsTask().Within();

        // Each post logs at least its start and its end; not one of those was posted.
        Assert.True(once.Dropped >= 40, once.ToString());
        Assert.Equal(once.Accepted, sink.Ledger.Accepted);
        Assert.Equal(20, collector.Bodies.Count(body => body.StartsWith("entry ", StringComparison.Ordinal)));
        Assert.DoesNotContain(collector.Bodies, body => body.Contains("HTTP", StringComparison.Ordinal));
        await application.StopAsync().Within();
    }

    [Fact]
    public async Task Under_Fallback_what_the_client_logs_can_be_read_elsewhere()
    {
        await using Collector collector = await Collector.StartAsync();
        using ManagedSink<MemorySink> fallback = SinkRuntime.Create(() => new MemorySink(new MemorySinkConfig { Key = "http-fallback" }));
        await using WebApplication application = Application(collector, options =>
        {
            options.Reentrancy = ReentrancyPolicy.Fallback;
            options.ReentrancyFallback = fallback.Sink;
        });
        await application.StartAsync().Within();
        application.Services.GetRequiredService<ILoggerFactory>().CreateLogger("App").LogInformation("entry");
        HttpSink sink = application.Services.GetRequiredService<MvxSinkHost>().Get<HttpSink>("ship");
        await sink.FlushAsync().AsTask().Within();
        await fallback.Sink.FlushAsync().AsTask().Within();
        Assert.Contains(fallback.Sink.Delivered, entry => entry.Namespace!.StartsWith("System.Net.Http.HttpClient.collector", StringComparison.Ordinal));
        Assert.Equal(0, sink.Ledger.Dropped);
        await application.StopAsync().Within();
    }

    [Fact]
    public async Task Under_Throw_the_feedback_ends_the_sink_so_that_it_is_noticed()
    {
        await using Collector collector = await Collector.StartAsync();
        await using WebApplication application = Application(collector, options => options.Reentrancy = ReentrancyPolicy.Throw);
        await application.StartAsync().Within();
        HttpSink sink = application.Services.GetRequiredService<MvxSinkHost>().Get<HttpSink>("ship");
        Task<SinkLifecycleEvent> failed = Observed.FirstAsync(sink.Lifecycle, change => change.To == SinkState.Failure);
        application.Services.GetRequiredService<ILoggerFactory>().CreateLogger("App").LogInformation("entry");
        await failed;
        Assert.Contains(nameof(SinkReentrancyException), sink.LastError!.ToString(), StringComparison.Ordinal);
    }

    private static WebApplication Application(Collector collector, Action<MvxSinkLoggerOptions> configure)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        builder.Logging.SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddHttpClient("collector");
        builder.Logging.AddMvxSink("ship", services => new HttpSink(services.GetRequiredService<IHttpClientFactory>(), collector.Address), configure);
        return builder.Build();
    }

    /// <summary>A real Kestrel on loopback, whose own log is not the sink's.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly WebApplication _application;

        private Collector(WebApplication application) => _application = application;

        public ConcurrentQueue<string> Bodies { get; } = new();

        public Uri Address => new(_application.Urls.First());

        public static async Task<Collector> StartAsync()
        {
            WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore();
            builder.Services.AddRoutingCore();
            WebApplication application = builder.Build();
            application.Urls.Add("http://127.0.0.1:0");
            var collector = new Collector(application);
            application.MapPost("/", async (HttpRequest request) =>
            {
                using var reader = new StreamReader(request.Body);
                collector.Bodies.Enqueue(await reader.ReadToEndAsync());
            });
            await application.StartAsync().Within();
            return collector;
        }

        public async ValueTask DisposeAsync() => await _application.DisposeAsync();
    }
}
