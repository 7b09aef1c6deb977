using Microsoft.Extensions.Logging;

namespace Mvx.Sink.Extensions.Logging;

/// <summary>How log entries become a sink's events. Read once, when the provider is made.</summary>
public class MvxSinkLoggerOptions
{
    /// <summary>Entries below this level are not logged, whatever the filters say. Default: Trace, so that the filters decide.</summary>
    public LogLevel MinimumLevel { get; set; } = LogLevel.Trace;

    /// <summary>
    /// Which levels this sink gets of which categories, among the entries that the filters let through: the least level by category or its beginning; of several that fit,
    /// the longest counts; a <c>*</c> stands for anything, <c>Default</c> for all. In the configuration, <c>Logging:MvxSink:[name]:LogLevel</c>. Default: none, the
    /// filters decide, which are those of all sinks.
    /// </summary>
    public IDictionary<string, LogLevel> CategoryLevels { get; } = new Dictionary<string, LogLevel>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the values of the scopes around an entry become part of its payload, and their texts its value "Scope". Default: true.</summary>
    public bool IncludeScopes { get; set; } = true;

    /// <summary>
    /// Captures an argument that is not known to be immutable, at the time of the call: what it returns is in the payload and must not change any more. Null, the
    /// default: sequences and maps are copied, element by element, and other objects are represented by their text.
    /// </summary>
    public Func<object, object?>? CaptureValue { get; set; }

    /// <summary>What happens to entries that the sink's own work gives rise to. Default: Drop. Null: they are logged like others.</summary>
    public ReentrancyPolicy? Reentrancy { get; set; } = ReentrancyPolicy.Drop;

    /// <summary>Whose work that is. Default: that of any guarded sink.</summary>
    public ReentrancyScope ReentrancyScope { get; set; }

    /// <summary>Where such entries go when the policy is Fallback.</summary>
    public ISink<LogEvent>? ReentrancyFallback { get; set; }

    /// <summary>How many entries are kept that are logged before the sink exists; more are lost, and reported. Default: 10 000.</summary>
    public int EarlyEntryLimit { get; set; } = SinkOptions.DefaultQueueMaxSize;

    /// <summary>The clock that stamps the events. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
