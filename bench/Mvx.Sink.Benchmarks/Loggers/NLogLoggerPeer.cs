using NLog;
using NLog.Config;
using NLog.Extensions.Logging;
using NLog.Targets;
using NLog.Targets.Wrappers;

namespace Mvx.Sink.Benchmarks.Loggers;

internal sealed class NLogLoggerPeer : LoggerPeer
{
    public const string Id = "NLog.Extensions.Logging + async";

    private readonly CountingTarget _target = new() { Name = "count", IncludeEventProperties = true, IncludeScopeProperties = true };
    private readonly LogFactory _nlog = new();

    public NLogLoggerPeer(int limit)
        : base(Id)
    {
        var configuration = new LoggingConfiguration(_nlog);
        configuration.AddRuleForAllLevels(new AsyncTargetWrapper(_target, limit, AsyncTargetWrapperOverflowAction.Grow) { Name = "async", TimeToSleepBetweenBatches = 1 });
        _nlog.Configuration = configuration;
        Open(() => new NLogLoggerProvider(new NLogProviderOptions(), _nlog));
    }

    public override long Delivered => Volatile.Read(ref _target.Count);

    public override string LastEvent => _target.Last is { } last ? $"{last.FormattedMessage} {string.Join(' ', _target.ValuesOf(last))}" : "";

    protected override void Close() => _nlog.Dispose();

    /// <summary>A target that wants the scopes' values, as ours does: with a layout alone they would not be captured.</summary>
    private sealed class CountingTarget : TargetWithContext
    {
        public long Count;

        public LogEventInfo? Last { get; private set; }

        public IDictionary<string, object?> ValuesOf(LogEventInfo logEvent) => GetAllProperties(logEvent);

        protected override void Write(LogEventInfo logEvent)
        {
            Last = logEvent;
            Interlocked.Increment(ref Count);
        }
    }
}
