namespace Mvx.Sink.Runtime;

/// <summary>A function posted to a loop, and the task of its result.</summary>
internal sealed class LoopInvocation<T>(Func<T> action) : IAbandonable
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _completion.Task;

    public void Run()
    {
        try
        {
            _completion.TrySetResult(action());
        }
        catch (Exception error)
        {
            _completion.TrySetException(error);
        }
    }

    public void Abandon() => _completion.TrySetException(new EventLoopUnavailableException("The loop has ended, so the action was not run. Create a new SinkLoop."));
}
