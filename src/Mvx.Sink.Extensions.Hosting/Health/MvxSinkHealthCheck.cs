using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mvx.Sink.Extensions.Hosting;

/// <summary>
/// The health of a registry's sinks: unhealthy when one of them has failed, was cancelled or could not be created; degraded on recent loss, on too much pending,
/// and on a dispatch that is stuck. The data holds each sink's ledger. It remembers what the last check saw, so keep one instance per registry. From its construction on
/// the registry's sinks time their dispatches, which costs the loop two looks at the clock per dispatch and the callers of <c>Log</c> nothing.
/// </summary>
public sealed class MvxSinkHealthCheck : IHealthCheck
{
    private readonly SinkRegistry _registry;
    private readonly MvxSinkHealthOptions _options;
    private readonly TimeProvider _clock;
    private readonly MvxSinkHost? _host;
    private readonly Lock _lock = new();

    // Under the lock.
    private readonly Dictionary<ISinkLifecycle, SinkProgress> _progress = new(ReferenceEqualityComparer.Instance);

    /// <summary>Creates the check of a registry.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="options">What counts as degraded; null: all defaults.</param>
    /// <exception cref="ArgumentNullException">The registry is null.</exception>
    public MvxSinkHealthCheck(SinkRegistry registry, MvxSinkHealthOptions? options = null)
        : this(registry, options, clock: null, host: null)
    {
    }

    internal MvxSinkHealthCheck(SinkRegistry registry, MvxSinkHealthOptions? options, TimeProvider? clock, MvxSinkHost? host)
    {
        ArgumentNullException.ThrowIfNull(registry);
        _registry = registry;
        _options = options ?? new MvxSinkHealthOptions();
        _clock = _options.TimeProvider ?? clock ?? TimeProvider.System;
        _host = host;
        registry.TimeDispatches();
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        // Somebody else's lifecycle and clock are asked before the lock is taken.
        SinkFigures[] sinks = [.. Look()];
        DateTimeOffset now = _clock.GetUtcNow();
        lock (_lock)
            return Task.FromResult(Check(sinks, now, context.Registration?.FailureStatus ?? HealthStatus.Unhealthy));
    }

    private IEnumerable<SinkFigures> Look()
    {
        foreach (string name in _registry.Names)
        {
            if (_registry.TryGet(name, out ISinkLifecycle? sink))
                yield return SinkFigures.Of(name, sink, () => _host?.IntendedLossOf(name) ?? 0);
        }
    }

    private HealthCheckResult Check(SinkFigures[] sinks, DateTimeOffset now, HealthStatus failureStatus)
    {
        var broken = new List<string>();
        var degraded = new List<string>();
        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        Exception? cause = null;
        var present = new HashSet<ISinkLifecycle>(ReferenceEqualityComparer.Instance);
        foreach (SinkFigures figures in sinks)
        {
            present.Add(figures.Sink);
            if (figures.Fault is { } fault)
            {
                cause ??= fault;
                broken.Add($"\"{figures.Name}\" cannot be looked at: {fault.Message}");
                continue;
            }

            data[figures.Name] = $"{figures.State}: {figures.Ledger}";
            if (!_progress.TryGetValue(figures.Sink, out SinkProgress? progress))
                _progress.Add(figures.Sink, progress = new SinkProgress());
            string? complaint = progress.Judge(figures, now, _options);
            if (figures.State is SinkState.Failure or SinkState.Cancelled)
            {
                cause ??= figures.Error;
                broken.Add($"\"{figures.Name}\" is in {figures.State}: {figures.Error?.Message}");
            }
            else if (complaint is not null)
            {
                degraded.Add($"\"{figures.Name}\": {complaint}");
            }
        }

        foreach (string name in _host?.Names ?? [])
        {
            if (_host!.FailureOf(name) is { } failure)
            {
                cause ??= failure;
                broken.Add($"\"{name}\" could not be created: {failure.Message}");
            }
        }

        foreach (ISinkLifecycle gone in _progress.Keys.Where(sink => !present.Contains(sink)).ToArray())
            _progress.Remove(gone);
        return broken.Count > 0 ? new HealthCheckResult(failureStatus, string.Join("; ", broken.Concat(degraded)), cause, data)
            : degraded.Count > 0 ? HealthCheckResult.Degraded(string.Join("; ", degraded), data: data)
            : HealthCheckResult.Healthy($"{present.Count} sinks", data);
    }
}
