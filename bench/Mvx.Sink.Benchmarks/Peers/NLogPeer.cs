using NLog;
using NLog.Common;
using NLog.Config;
using NLog.Targets;
using NLog.Targets.Wrappers;

namespace Mvx.Sink.Benchmarks.Peers;

/// <summary>NLog's AsyncTargetWrapper around a target that counts, called directly: no logger, no filters, no layouts.</summary>
internal sealed class NLogPeer : Peer
{
    private static readonly AsyncLogEventInfo _prepared =
        new(LogEventInfo.Create(NLog.LogLevel.Info, "bench", "prepared"), static _ => { });

    private readonly LogFactory _factory = new();
    private readonly AsyncTargetWrapper _target;
    private long _dropped;

    public NLogPeer(int capacity, AsyncTargetWrapperOverflowAction overflow)
    {
        _target = new AsyncTargetWrapper(new CountingTarget(Backend) { Name = "counting" }, capacity, overflow) { Name = "async" };
        _target.LogEventDropped += (_, _) => Interlocked.Increment(ref _dropped);
        var configuration = new LoggingConfiguration(_factory);
        configuration.AddTarget(_target);
        configuration.AddRuleForAllLevels(_target);
        _factory.Configuration = configuration;
    }

    public override long Dropped => Interlocked.Read(ref _dropped);

    public override void Produce(int count)
    {
        AsyncTargetWrapper target = _target;
        for (int i = 0; i < count; i++)
            target.WriteAsyncLogEvent(_prepared);
    }

    public override void LogOne() => _target.WriteAsyncLogEvent(_prepared);

    public override void Flush() => _factory.Flush(TimeSpan.FromSeconds(60));

    protected override void Close()
    {
        _factory.Shutdown();
        _factory.Dispose();
    }

    private sealed class CountingTarget(Backend backend) : Target
    {
        protected override void Write(LogEventInfo logEvent) => backend.Receive();
    }
}
