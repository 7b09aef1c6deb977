using Microsoft.Extensions.Logging;
using NLog;
using NLog.Config;
using NLog.Extensions.Logging;
using NLog.Targets;
using NLog.Targets.Wrappers;

namespace Mvx.Sink.LoggingBenchmarks;

internal sealed class NLogPeer : IPeer
{
    private readonly CountingTarget _target = new() { Name = "count" };
    private readonly LogFactory _nlog = new();
    private readonly ILoggerFactory _factory;

    public NLogPeer(int limit)
    {
        var configuration = new LoggingConfiguration(_nlog);
        configuration.AddRuleForAllLevels(new AsyncTargetWrapper(_target, limit, AsyncTargetWrapperOverflowAction.Grow) { Name = "async", TimeToSleepBetweenBatches = 1 });
        _nlog.Configuration = configuration;
        _factory = LoggerFactory.Create(builder => builder.AddProvider(new NLogLoggerProvider(new NLogProviderOptions(), _nlog)));
        Logger = _factory.CreateLogger("Shop.Orders");
    }

    public string Name => "NLog.Extensions.Logging + async wrapper";

    public Microsoft.Extensions.Logging.ILogger Logger { get; }

    public long Delivered => Volatile.Read(ref _target.Count);

    public void Dispose()
    {
        _factory.Dispose();
        _nlog.Dispose();
    }

    // With its own layout rendered, as every real target has one.
    private sealed class CountingTarget : TargetWithLayout
    {
        public long Count;

        protected override void Write(LogEventInfo logEvent) => Interlocked.Increment(ref Count);
    }
}
