namespace Mvx.Sink.Runtime;

/// <summary>A sink on its own loop thread, and what ends both.</summary>
/// <typeparam name="TSink">The type of the sink.</typeparam>
public sealed class ManagedSink<TSink> : IDisposable, IAsyncDisposable
{
    private readonly ISinkLifecycle _lifecycle;
    private readonly SinkLoop _loop;
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _terminating;

    internal ManagedSink(TSink sink, SinkLoop loop)
    {
        Sink = sink;
        _lifecycle = (ISinkLifecycle)sink!;
        _loop = loop;
    }

    /// <summary>The sink.</summary>
    public TSink Sink { get; }

    /// <summary>
    /// Stops the sink, flushing it, and ends its thread (rules T2–T7). Blocks until both are done, whatever state the sink is in. Any thread but the loop's own;
    /// every concurrent caller returns after the one termination is complete.
    /// </summary>
    /// <exception cref="InvalidOperationException">Called on the loop's own thread, where it would wait for itself (rule T5).</exception>
    /// <exception cref="SinkException">The stop failed. Thrown once, to the caller whose call terminated the sink (rule T4).</exception>
    public void Terminate() => Terminate((_lifecycle as ILoopBound)?.StopBudget ?? Timeout.InfiniteTimeSpan);

    /// <summary>
    /// Like <see cref="Terminate()"/>, with a time of your choice for the stop; see <see cref="AsyncSink{TEvent}.Stop(TimeSpan)"/>. A backend that ignores its token
    /// can hold the caller up a few seconds longer, not for ever; its thread is then left behind and reported.
    /// </summary>
    /// <param name="budget">The time; <see cref="Timeout.InfiniteTimeSpan"/>: as long as it takes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative and not infinite, or longer than a day.</exception>
    /// <exception cref="InvalidOperationException">Called on the loop's own thread (rule T5).</exception>
    /// <exception cref="SinkException">The stop failed, or its time was up. Thrown once (rule T4).</exception>
    public void Terminate(TimeSpan budget)
    {
        SinkOptions.ThrowIfNoBudget(budget, nameof(budget));
        ThrowIfOnLoop();
        if (Interlocked.Exchange(ref _terminating, 1) == 1)
        {
            // Of several budgets the one that ends first counts. The stop itself is left to the first caller, who is about to begin it: the stop's error is that one's.
            if (budget != Timeout.InfiniteTimeSpan && _lifecycle is ILoopBound bound)
            {
                SpinWait.SpinUntil(() => bound.State != SinkState.Running || _terminated.Task.IsCompleted);
                _ = bound.Stop(budget);
            }

            _terminated.Task.GetAwaiter().GetResult();
            return;
        }

        SinkException? error = null;
        try
        {
            error = SinkShutdown.StopAndClose(_lifecycle, budget);
        }
        finally
        {
            // Also when a lifecycle that is not ours throws: the thread must not stay behind.
            _loop.DisposeWithin(_lifecycle.LastError is StopBudgetSpentException ? StopBudget.Grace : _loop.Grace);
            _terminated.SetResult();
        }

        if (error is not null)
            throw error;
    }

    /// <summary>Splits into the sink and its terminator, as the Python class's <c>create()</c> returns them.</summary>
    /// <param name="sink">The sink.</param>
    /// <param name="terminate">Calls <see cref="Terminate()"/>.</param>
    public void Deconstruct(out TSink sink, out Action terminate)
    {
        sink = Sink;
        terminate = Terminate;
    }

    /// <summary>The same as <see cref="Terminate()"/>, errors included.</summary>
    public void Dispose() => Terminate();

    /// <summary>Like <see cref="Terminate()"/>, without blocking the caller while the sink flushes and stops.</summary>
    /// <returns>A task that completes when the thread is gone.</returns>
    /// <exception cref="InvalidOperationException">Called on the loop's own thread (rule T5).</exception>
    /// <exception cref="SinkException">The stop failed, and nobody has been told yet (rule T4).</exception>
    public ValueTask DisposeAsync()
    {
        ThrowIfOnLoop();
        return new ValueTask(SinkShutdown.RunAsync(Terminate));
    }

    internal bool IsOnLoop() => _loop.Host.IsCurrent;

    private void ThrowIfOnLoop()
    {
        if (IsOnLoop())
            throw new InvalidOperationException("The sink cannot be terminated on its own loop thread, from a hook or a dispatch: it would wait for itself. Terminate it from outside.");
    }
}
