using System.Collections.Concurrent;

namespace Mvx.Sink.Integration.Support;

/// <summary>A sink whose hooks do what the test says, and that remembers what they were asked.</summary>
internal sealed class ScriptedSink(SinkOptions? options = null) : AsyncSink<string>(options)
{
    private int _starting;
    private int _stopped;

    public Func<CancellationToken, ValueTask> Starting { get; set; } = static _ => ValueTask.CompletedTask;

    public Func<string, CancellationToken, ValueTask> Dispatching { get; set; } = static (_, _) => ValueTask.CompletedTask;

    public Func<CancellationToken, ValueTask> Stopped { get; set; } = static _ => ValueTask.CompletedTask;

    public Func<IReadOnlyList<string>, SinkException, ValueTask> Undelivered { get; set; } = static (_, _) => ValueTask.CompletedTask;

    public ConcurrentQueue<string> Delivered { get; } = new();

    public ConcurrentQueue<string> HandedOver { get; } = new();

    public SinkException? HandOverCause { get; private set; }

    public ConcurrentQueue<int> Threads { get; } = new();

    public int StartingRuns => Volatile.Read(ref _starting);

    public int StoppedRuns => Volatile.Read(ref _stopped);

    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _starting);
        Threads.Enqueue(Environment.CurrentManagedThreadId);
        await Starting(cancellationToken);
        Threads.Enqueue(Environment.CurrentManagedThreadId);
    }

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        Threads.Enqueue(Environment.CurrentManagedThreadId);
        await Dispatching(item, cancellationToken);
        Threads.Enqueue(Environment.CurrentManagedThreadId);
        Delivered.Enqueue(item);
    }

    protected override async ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _stopped);
        Threads.Enqueue(Environment.CurrentManagedThreadId);
        await Stopped(cancellationToken);
        Threads.Enqueue(Environment.CurrentManagedThreadId);
    }

    protected override async ValueTask OnUndeliveredAsync(IReadOnlyList<string> items, SinkException cause)
    {
        HandOverCause = cause;
        foreach (string item in items)
            HandedOver.Enqueue(item);
        await Undelivered(items, cause);
    }
}
