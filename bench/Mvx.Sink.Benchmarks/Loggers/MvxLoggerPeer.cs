using Mvx.Sink.Benchmarks.Peers;
using Mvx.Sink.Extensions.Logging;

namespace Mvx.Sink.Benchmarks.Loggers;

internal sealed class MvxLoggerPeer : LoggerPeer
{
    private readonly ManagedSink<CountingSink> _managed;

    public MvxLoggerPeer(int limit)
        : base(PeerCatalog.Ours)
    {
        _managed = SinkRuntime.Create(() => new CountingSink(limit));
        Open(() => new MvxSinkLoggerProvider(_managed.Sink));
    }

    public override long Delivered => Volatile.Read(ref _managed.Sink.Count);

    public override string LastEvent => _managed.Sink.Last is { } last ? $"{last.Message} {string.Join(' ', last.Payload)}" : "";

    protected override void Close() => _managed.Dispose();

    private sealed class CountingSink(int limit) : AsyncLogSink(new SinkOptions { QueueMaxSize = limit })
    {
        public long Count;

        public LogEvent? Last { get; private set; }

        protected override ValueTask DispatchAsync(LogEvent item, CancellationToken cancellationToken)
        {
            Last = item;
            Interlocked.Increment(ref Count);
            return ValueTask.CompletedTask;
        }
    }
}
