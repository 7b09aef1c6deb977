using Microsoft.Extensions.Logging;

namespace Mvx.Sink.Benchmarks.Loggers;

/// <summary>An asynchronous logger behind Microsoft.Extensions.Logging, with structured values and scopes, and a backend that only counts.</summary>
internal abstract class LoggerPeer(string name) : IDisposable
{
    private ILoggerFactory? _factory;
    private ILoggerFactory? _tracing;

    public string Name { get; } = name;

    /// <summary>The logger of a plain factory.</summary>
    public ILogger Logger { get; private set; } = null!;

    /// <summary>The logger of a factory that follows activities, as that of a host does.</summary>
    public ILogger TracingLogger { get; private set; } = null!;

    /// <summary>How many events were logged by <see cref="Run"/>.</summary>
    public long Logged { get; private set; }

    /// <summary>How many events have reached the backend.</summary>
    public abstract long Delivered { get; }

    /// <summary>What the last event says: its text, its values and those of its scopes.</summary>
    public abstract string LastEvent { get; }

    public void Run(LoggerCall call, int count)
    {
        Logged += count;
        call.Run(this, count);
    }

    public void Dispose()
    {
        _factory?.Dispose();
        _tracing?.Dispose();
        Close();
    }

    protected void Open(Func<ILoggerProvider> create)
    {
        _factory = LoggerFactory.Create(builder => builder.AddProvider(create()));
        _tracing = LoggerFactory.Create(builder => builder
            .AddProvider(create())
            .Configure(static options => options.ActivityTrackingOptions = ActivityTrackingOptions.SpanId | ActivityTrackingOptions.TraceId | ActivityTrackingOptions.ParentId));
        Logger = _factory.CreateLogger("Shop.Orders");
        TracingLogger = _tracing.CreateLogger("Shop.Orders");
    }

    protected abstract void Close();
}
