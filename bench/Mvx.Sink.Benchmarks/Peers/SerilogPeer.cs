using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;
using Serilog.Sinks.Async;
using LogEvent = Serilog.Events.LogEvent;
using LogEventLevel = Serilog.Events.LogEventLevel;

namespace Mvx.Sink.Benchmarks.Peers;

/// <summary>The sink of Serilog.Sinks.Async around a sink that counts, called directly: no logger, no enrichers, no filters.</summary>
internal sealed class SerilogPeer : Peer
{
    private static readonly LogEvent _prepared =
        new(DateTimeOffset.UnixEpoch, LogEventLevel.Information, exception: null, new MessageTemplateParser().Parse("prepared"), []);

    private readonly Logger _logger;
    private readonly ILogEventSink _sink;
    private readonly Monitor _monitor = new();

    public SerilogPeer(int capacity, bool block)
    {
        ILogEventSink? asynchronous = null;
        var configuration = new LoggerConfiguration();
        LoggerSinkConfiguration.Wrap(
            configuration.WriteTo,
            sink => asynchronous = sink,
            inner => inner.Async(to => to.Sink(new CountingSerilogSink(Backend)), _monitor, capacity, block));
        _logger = configuration.CreateLogger();
        _sink = asynchronous ?? throw new InvalidOperationException("Serilog built no asynchronous sink.");
    }

    public override long Dropped => _monitor.Inspector?.DroppedMessagesCount ?? 0;

    public override void Produce(int count)
    {
        ILogEventSink sink = _sink;
        LogEvent item = _prepared;
        for (int i = 0; i < count; i++)
            sink.Emit(item);
    }

    public override void LogOne() => _sink.Emit(_prepared);

    protected override void Close() => _logger.Dispose();

    private sealed class Monitor : IAsyncLogEventSinkMonitor
    {
        public IAsyncLogEventSinkInspector? Inspector { get; private set; }

        public void StartMonitoring(IAsyncLogEventSinkInspector inspector) => Inspector = inspector;

        public void StopMonitoring(IAsyncLogEventSinkInspector inspector)
        {
            // The last count is still of interest.
        }
    }

    private sealed class CountingSerilogSink(Backend backend) : ILogEventSink
    {
        public void Emit(LogEvent logEvent) => backend.Receive();
    }
}
