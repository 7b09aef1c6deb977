using System.Runtime.CompilerServices;

namespace Mvx.Sink.Runtime;

/// <summary>
/// Waits for a lifecycle operation, blocking or awaiting, for any number of waiters on any thread, before or after it completes
/// (rule W1). Giving up waiting does not give up the operation (rule W2).
/// </summary>
public sealed class SinkWaitHandle
{
    private readonly TaskCompletionSource<SinkOperationResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LoopHost _loop;

    internal SinkWaitHandle(SinkOperation operation, LoopHost loop)
    {
        Operation = operation;
        _loop = loop;
    }

    /// <summary>The operation waited for.</summary>
    public SinkOperation Operation { get; }

    /// <summary>Blocks until the operation has completed.</summary>
    /// <returns>The result.</returns>
    /// <exception cref="InvalidOperationException">Called on the sink's own loop thread before completion, where it would deadlock (rule W3).</exception>
    public SinkOperationResult Wait()
    {
        ThrowIfItWouldDeadlock();
        return _completion.Task.GetAwaiter().GetResult();
    }

    /// <summary>Blocks until the operation has completed or the time is up.</summary>
    /// <param name="timeout">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="result">The result when it has completed in time, else the default.</param>
    /// <returns>Whether it has completed in time. The operation goes on either way.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative and not infinite, or longer than the framework can wait.</exception>
    /// <exception cref="InvalidOperationException">Called on the sink's own loop thread before completion, where it would deadlock (rule W3).</exception>
    public bool Wait(TimeSpan timeout, out SinkOperationResult result)
    {
        if (timeout != Timeout.InfiniteTimeSpan && (timeout < TimeSpan.Zero || timeout.TotalMilliseconds > int.MaxValue))
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "The timeout must be between zero and about 24 days, or Timeout.InfiniteTimeSpan.");
        ThrowIfItWouldDeadlock();
        bool completed = _completion.Task.Wait(timeout);
        result = completed ? _completion.Task.Result : default;
        return completed;
    }

    /// <summary>Lets the handle be awaited.</summary>
    /// <returns>The awaiter.</returns>
    public TaskAwaiter<SinkOperationResult> GetAwaiter() => _completion.Task.GetAwaiter();

    /// <summary>The operation as a task. It never faults and cannot be cancelled.</summary>
    /// <returns>The task.</returns>
    public Task<SinkOperationResult> AsTask() => _completion.Task;

    internal bool IsCompleted => _completion.Task.IsCompleted;

    internal void Complete(SinkException? error) => _completion.TrySetResult(SinkOperationResult.Of(Operation, error));

    private void ThrowIfItWouldDeadlock()
    {
        if (!_completion.Task.IsCompleted && _loop.IsCurrent)
            throw new InvalidOperationException($"Wait() for {Operation} was called on the sink's own loop thread, which has to carry it out: this would deadlock. Await the handle instead.");
    }
}
