using System.Collections.Concurrent;

namespace Mvx.Sink.Integration.Support;

/// <summary>Somebody else's event loop: one thread, callbacks in order. After Dispose it refuses callbacks, as a closed UI thread does.</summary>
internal sealed class SingleThreadContext : SynchronizationContext, IDisposable
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _queue = [];
    private readonly Thread _thread;

    public SingleThreadContext()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "foreign" };
        _thread.Start();
    }

    public int ThreadId => _thread.ManagedThreadId;

    public override void Post(SendOrPostCallback d, object? state) => _queue.Add((d, state));

    public override SynchronizationContext CreateCopy() => this;

    public T Run<T>(Func<T> action)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(
            _ =>
            {
                try
                {
                    result.SetResult(action());
                }
                catch (Exception error)
                {
                    result.SetException(error);
                }
            },
            null);
        return Patience.Finish(result.Task, "The foreign context runs an action");
    }

    public void Dispose()
    {
        _queue.CompleteAdding();
        Patience.Ended(_thread);
    }

    private void Run()
    {
        SetSynchronizationContext(this);
        foreach ((SendOrPostCallback callback, object? state) in _queue.GetConsumingEnumerable())
            callback(state);
    }
}
