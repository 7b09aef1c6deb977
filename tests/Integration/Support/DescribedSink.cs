using System.Collections.Concurrent;

namespace Mvx.Sink.Integration.Support;

/// <summary>What a <see cref="DescribedSink"/> is configured with: what it is, and what goes wrong when.</summary>
internal sealed record DescribedConfig(string Resource, params object?[] Key)
{
    private int _constructed;

    public Func<SinkDescriptor?>? Describing { get; init; }

    public Action? Constructing { get; init; }

    public Func<CancellationToken, ValueTask> Starting { get; init; } = static _ => ValueTask.CompletedTask;

    public Func<string, CancellationToken, ValueTask> Dispatching { get; init; } = static (_, _) => ValueTask.CompletedTask;

    public Func<CancellationToken, ValueTask> Stopped { get; init; } = static _ => ValueTask.CompletedTask;

    public int Constructed => Volatile.Read(ref _constructed);

    public void CountConstruction() => Interlocked.Increment(ref _constructed);
}

/// <summary>A sink for registries, created by the interface's own Create.</summary>
internal sealed class DescribedSink(DescribedConfig config) : AsyncSink<string>, IDescribedSink<DescribedSink, DescribedConfig>
{
    public ConcurrentQueue<string> Delivered { get; } = new();

    public Thread Thread { get; } = Thread.CurrentThread;

    public static SinkDescriptor BuildDescriptor(DescribedConfig config) =>
        config.Describing is null ? new SinkDescriptor("described", [config.Resource], config.Key) : config.Describing()!;

    public static DescribedSink Construct(DescribedConfig config)
    {
        config.CountConstruction();
        config.Constructing?.Invoke();
        return new DescribedSink(config);
    }

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken) => config.Starting(cancellationToken);

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        await config.Dispatching(item, cancellationToken);
        Delivered.Enqueue(item);
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken) => config.Stopped(cancellationToken);

    protected override ValueTask OnUndeliveredAsync(IReadOnlyList<string> items, SinkException cause) => ValueTask.CompletedTask;
}
