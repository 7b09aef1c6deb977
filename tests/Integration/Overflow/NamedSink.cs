using System.Collections.Concurrent;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Overflow;

/// <summary>Keeps the events it is given, after a checkpoint.</summary>
internal sealed class NamedSink(SinkOptions options, Checkpoint dispatch) : AsyncLogSink(options)
{
    private readonly ConcurrentQueue<LogEvent> _seen = new();

    public bool RefusesLosses { get; init; }

    public IReadOnlyCollection<LogEvent> Seen => _seen;

    public string[] Names => [.. _seen.Select(static item => item.Name == LossEventName ? item.Message! : item.Name)];

    protected override async ValueTask DispatchAsync(LogEvent item, CancellationToken cancellationToken)
    {
        await dispatch.PassAsync(cancellationToken);
        if (RefusesLosses && item.Name == LossEventName)
            throw new InvalidOperationException("no room for that either");
        _seen.Enqueue(item);
    }
}
