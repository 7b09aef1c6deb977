namespace Mvx.Sink.Samples.Monitoring.Sinks;

/// <summary>A backend that can be away: whoever passes waits until it is back.</summary>
internal sealed class Outage
{
    private volatile TaskCompletionSource? _end;

    public void Begin() => _end ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void End()
    {
        _end?.TrySetResult();
        _end = null;
    }

    public Task PassAsync(CancellationToken cancellationToken) => _end?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;
}
