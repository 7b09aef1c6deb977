using System.Collections.Concurrent;

namespace Mvx.Sink.Integration.Support;

/// <summary>A described sink that keeps its events: the test double for sinks with a real backend. Found by its configuration's key.</summary>
internal sealed class MemorySink(MemorySinkConfig config)
    : AsyncLogSink(new SinkOptions
    {
        Namespace = config.Key,
        QueueMaxSize = config.QueueMaxSize,
        OverflowPolicy = config.DropWhenFull ? QueueOverflowPolicy.Drop : QueueOverflowPolicy.RaiseError,
    }), IDescribedSink<MemorySink, MemorySinkConfig>
{
    private static readonly ConcurrentDictionary<string, Func<CancellationToken, ValueTask>> _starting = new();
    private static readonly ConcurrentDictionary<string, Action<MemorySink>> _constructed = new();
    private int _starts;
    private int _stops;

    public MemorySinkConfig Config { get; } = config;

    public ConcurrentQueue<LogEvent> Delivered { get; } = new();

    public Func<LogEvent, CancellationToken, ValueTask> Dispatching { get; set; } = static (_, _) => ValueTask.CompletedTask;

    public int Starts => Volatile.Read(ref _starts);

    public int Stops => Volatile.Read(ref _stops);

    /// <summary>What the sink of that key does when it starts.</summary>
    public static void WhenStarting(string key, Func<CancellationToken, ValueTask> starting) => _starting[key] = starting;

    /// <summary>Gives the sink of that key to somebody who has no other way to it.</summary>
    public static void WhenConstructed(string key, Action<MemorySink> constructed) => _constructed[key] = constructed;

    public static SinkDescriptor BuildDescriptor(MemorySinkConfig config) => new("memory", [config.Key], [config.QueueMaxSize]);

    public static MemorySink Construct(MemorySinkConfig config)
    {
        var sink = new MemorySink(config);
        if (_constructed.TryGetValue(config.Key, out Action<MemorySink>? constructed))
            constructed(sink);
        return sink;
    }

    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _starts);
        if (_starting.TryGetValue(Config.Key, out Func<CancellationToken, ValueTask>? starting))
            await starting(cancellationToken);
    }

    protected override async ValueTask DispatchAsync(LogEvent item, CancellationToken cancellationToken)
    {
        await Dispatching(item, cancellationToken);
        Delivered.Enqueue(item);
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _stops);
        return ValueTask.CompletedTask;
    }
}
