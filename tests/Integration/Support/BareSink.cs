namespace Mvx.Sink.Integration.Support;

/// <summary>A sink whose overrides are not async: what they throw is thrown at the runtime directly, in no task.</summary>
internal sealed class BareSink(Action? starting = null, Action<string>? dispatching = null, Action? stopped = null) : AsyncSink<string>
{
    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        starting?.Invoke();
        return ValueTask.CompletedTask;
    }

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        dispatching?.Invoke(item);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        stopped?.Invoke();
        return ValueTask.CompletedTask;
    }
}
