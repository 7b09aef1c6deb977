using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Extensions.Logging;

namespace Mvx.Sink.Benchmarks.Loggers;

internal sealed class SerilogLoggerPeer : LoggerPeer
{
    public const string Id = "Serilog.Extensions.Logging + Async";

    private readonly CountingSink _sink = new();
    private readonly Logger _serilog;

    public SerilogLoggerPeer(int limit)
        : base(Id)
    {
        _serilog = new LoggerConfiguration().WriteTo.Async(to => to.Sink(_sink), bufferSize: limit).CreateLogger();
        Open(() => new SerilogLoggerProvider(_serilog));
    }

    public override long Delivered => Volatile.Read(ref _sink.Count);

    public override string LastEvent => _sink.Last is { } last ? $"{last.RenderMessage(CultureInfo.InvariantCulture)} {string.Join(' ', last.Properties)}" : "";

    protected override void Close() => _serilog.Dispose();

    private sealed class CountingSink : ILogEventSink
    {
        public long Count;

        public Serilog.Events.LogEvent? Last { get; private set; }

        public void Emit(Serilog.Events.LogEvent logEvent)
        {
            Last = logEvent;
            Interlocked.Increment(ref Count);
        }
    }
}
