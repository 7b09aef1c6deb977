using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Mvx.Sink.Extensions.Logging;

/// <summary>
/// Gives log entries to a sink. A log call never waits and never throws because of the sink: what the sink refuses is counted in its ledger. The one exception is
/// what <see cref="ReentrancyPolicy.Throw"/> asks for.
/// </summary>
[ProviderAlias("MvxSink")]
public sealed class MvxSinkLoggerProvider : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentDictionary<string, MvxSinkLogger> _loggers = new(StringComparer.Ordinal);
    private readonly LoggerTarget _target;
    private readonly EntryCapture _capture;
    private readonly CategoryFilter _filter;

    /// <summary>Gives log entries to a sink that somebody else owns.</summary>
    /// <param name="sink">The sink.</param>
    /// <param name="options">How; null: all defaults.</param>
    /// <exception cref="ArgumentNullException">The sink is null.</exception>
    public MvxSinkLoggerProvider(AsyncSink<LogEvent> sink, MvxSinkLoggerOptions? options = null)
        : this(new LoggerTarget(sink, options ??= new MvxSinkLoggerOptions()), options)
    {
    }

    internal MvxSinkLoggerProvider(LoggerTarget target, MvxSinkLoggerOptions options)
    {
        _target = target;
        _capture = new EntryCapture(options);
        _filter = new CategoryFilter(options.MinimumLevel, options.CategoryLevels);
    }

    /// <summary>How many entries came from the work of a sink, whatever the reentrancy policy made of them.</summary>
    public long Reentered => _target.Reentered;

    /// <summary>How many entries were lost before the sink existed: beyond the limit of early entries, or because it could not be created.</summary>
    public long LostEarly => _target.LostEarly;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName)
    {
        ArgumentNullException.ThrowIfNull(categoryName);
        return _loggers.GetOrAdd(categoryName, static (category, provider) => new MvxSinkLogger(category, provider._filter.LevelOf(category), provider._target, provider._capture), this);
    }

    /// <inheritdoc/>
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _capture.Scopes = scopeProvider;

    /// <summary>Waits for a sink that is being created to have taken the early entries. The sink itself is its owner's to stop.</summary>
    public void Dispose() => _target.Dispose();
}
