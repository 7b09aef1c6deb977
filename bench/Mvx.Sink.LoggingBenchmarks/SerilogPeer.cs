using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace Mvx.Sink.LoggingBenchmarks;

internal sealed class SerilogPeer : IPeer
{
    private readonly CountingSink _sink = new();
    private readonly Logger _serilog;
    private readonly ILoggerFactory _factory;

    public SerilogPeer(int limit)
    {
        _serilog = new LoggerConfiguration().WriteTo.Async(to => to.Sink(_sink), bufferSize: limit).CreateLogger();
        _factory = LoggerFactory.Create(builder => builder.AddProvider(new SerilogLoggerProvider(_serilog)));
        Logger = _factory.CreateLogger("Shop.Orders");
    }

    public string Name => "Serilog.Extensions.Logging + Async";

    public Microsoft.Extensions.Logging.ILogger Logger { get; }

    public long Delivered => Volatile.Read(ref _sink.Count);

    public void Dispose()
    {
        _factory.Dispose();
        _serilog.Dispose();
    }

    private sealed class CountingSink : ILogEventSink
    {
        public long Count;

        public void Emit(LogEvent logEvent) => Interlocked.Increment(ref Count);
    }
}
