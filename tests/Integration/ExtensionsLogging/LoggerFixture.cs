using Microsoft.Extensions.Logging;
using Mvx.Sink.Extensions.Logging;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.ExtensionsLogging;

/// <summary>A logger factory with one memory sink.</summary>
internal sealed class LoggerFixture : IDisposable
{
    private readonly ManagedSink<MemorySink> _managed;

    public LoggerFixture(Action<MvxSinkLoggerOptions>? configure = null, Action<ILoggingBuilder>? build = null, MemorySinkConfig? config = null)
    {
        _managed = SinkRuntime.Create(() => new MemorySink(config ?? new MemorySinkConfig { Key = "logger-fixture" }));
        Factory = LoggerFactory.Create(builder =>
        {
            builder.SetMinimumLevel(LogLevel.Trace);
            builder.AddMvxSink(_managed.Sink, configure);
            build?.Invoke(builder);
        });
        Logger = Factory.CreateLogger("Shop.Orders");
    }

    public ILoggerFactory Factory { get; }

    public ILogger Logger { get; }

    public MemorySink Sink => _managed.Sink;

    /// <summary>The events logged so far.</summary>
    public async Task<LogEvent[]> EventsAsync()
    {
        await Sink.FlushAsync().AsTask().Within();
        return [.. Sink.Delivered];
    }

    public async Task<LogEvent> SingleAsync() => Assert.Single(await EventsAsync());

    public void Dispose()
    {
        Factory.Dispose();
        _managed.Dispose();
    }
}
