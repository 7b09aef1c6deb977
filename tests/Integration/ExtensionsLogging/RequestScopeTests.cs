using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.ExtensionsLogging;

/// <summary>The scopes that ASP.NET Core and activities bring along, under requests that share threads.</summary>
public sealed partial class RequestScopeTests
{
    [Fact]
    public async Task Every_entry_has_the_scopes_of_its_own_request()
    {
        using ManagedSink<MemorySink> managed = SinkRuntime.Create(static () => new MemorySink(new MemorySinkConfig { Key = "requests", QueueMaxSize = 100_000 }));
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddMvxSink(managed.Sink);
        builder.Logging.Configure(static options => options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        await using WebApplication application = builder.Build();
        application.Urls.Add("http://127.0.0.1:0");
        application.MapGet("/{id}", async (string id, HttpContext context, ILogger<RequestScopeTests> logger) =>
        {
            Step(logger, context.TraceIdentifier, id, Activity.Current!.TraceId.ToString());
            Step(logger, context.TraceIdentifier, id, Activity.Current!.TraceId.ToString());
            await Task.Yield();
            logger.LogInformation("{Request} {Id} {Trace}", context.TraceIdentifier, id, Activity.Current!.TraceId.ToString());
        });
        await application.StartAsync().Within();
        using var client = new HttpClient { BaseAddress = new Uri(application.Urls.First()) };
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            for (int i = 0; i < 25; i++)
                (await client.GetAsync(new Uri($"/{worker}-{i}", UriKind.Relative))).Dispose();
        })).Within();
        await application.StopAsync().Within();
        await managed.Sink.FlushAsync().AsTask().Within();
        LogEvent[] entries = [.. managed.Sink.Delivered.Where(static entry => entry.Payload.ContainsKey("Trace"))];
        Assert.Equal(600, entries.Length);
        Assert.All(entries, static entry =>
        {
            Assert.Equal(entry.Payload["Request"], entry.Payload["RequestId"]);
            Assert.Equal($"/{entry.Payload["Id"]}", entry.Payload["RequestPath"]);
            Assert.Equal(entry.Payload["Trace"], entry.Payload["TraceId"]);
        });
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Request} {Id} {Trace}")]
    private static partial void Step(ILogger logger, string request, string id, string trace);
}
