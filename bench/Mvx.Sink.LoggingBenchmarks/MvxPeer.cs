using Microsoft.Extensions.Logging;
using Mvx.Sink.Runtime;

namespace Mvx.Sink.LoggingBenchmarks;

internal sealed class MvxPeer : IPeer
{
    private readonly ManagedSink<CountingSink> _managed;
    private readonly ILoggerFactory _factory;

    public MvxPeer(int limit)
    {
        _managed = SinkRuntime.Create(() => new CountingSink(limit));
        _factory = LoggerFactory.Create(builder => builder.AddMvxSink(_managed.Sink));
        Logger = _factory.CreateLogger("Shop.Orders");
    }

    public string Name => "Mvx.Sink.Extensions.Logging";

    public ILogger Logger { get; }

    public long Delivered => _managed.Sink.Ledger.Delivered;

    public void Dispose()
    {
        _factory.Dispose();
        _managed.Dispose();
    }

    private sealed class CountingSink(int limit) : AsyncLogSink(new SinkOptions { QueueMaxSize = limit })
    {
        protected override ValueTask DispatchAsync(LogEvent item, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
