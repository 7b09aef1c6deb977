using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Mvx.Sink.Integration.Verification.Backends;

namespace Mvx.Sink.Integration.Verification.GoodSinks;

/// <summary>A Kestrel on loopback whose events end up in a <see cref="MemoryBackend"/>.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private HttpServer(WebApplication application) => _application = application;

    public MemoryBackend Backend { get; } = new();

    public Uri Address => new(_application.Urls.First());

    public static async Task<HttpServer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication application = builder.Build();
        var server = new HttpServer(application);
        application.MapGet("/health", (RequestDelegate)server.Health);
        application.MapPost("/events", (RequestDelegate)server.Take);
        await application.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private Task Health(HttpContext context)
    {
        try
        {
            Backend.Open();
            context.Response.StatusCode = StatusCodes.Status200OK;
        }
        catch (IOException)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }

        return Task.CompletedTask;
    }

    private async Task Take(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        string line = await reader.ReadToEndAsync(context.RequestAborted);
        try
        {
            await Backend.WriteAsync(line, context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        catch (IOException)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        catch (OperationCanceledException)
        {
            // The client has gone.
        }
    }
}
