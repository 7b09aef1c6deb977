using System.Collections.Concurrent;

namespace Mvx.Sink.Integration.Support;

/// <summary>A sink of events of any type, with the plain, not asynchronous, dispatch that a fast backend has.</summary>
internal sealed class TypedSink<TEvent>(SinkOptions? options = null) : AsyncSink<TEvent>(options)
    where TEvent : notnull
{
    /// <summary>What to do with each event before it counts as delivered. Called directly, so that what it throws is thrown synchronously.</summary>
    public Func<TEvent, CancellationToken, ValueTask> Dispatching { get; set; } = static (_, _) => ValueTask.CompletedTask;

    public ConcurrentQueue<TEvent> Seen { get; } = new();

    protected override ValueTask DispatchAsync(TEvent item, CancellationToken cancellationToken)
    {
        Seen.Enqueue(item);
        return Dispatching(item, cancellationToken);
    }
}
