namespace Mvx.Sink.Runtime;

/// <summary>A time waited for by somebody else's clock; its callback runs on the loop.</summary>
internal sealed class LoopTimer(LoopHost loop, SendOrPostCallback callback)
{
    private ITimer? _timer;

    public void Start(TimeProvider clock, TimeSpan due)
    {
        _timer = clock.CreateTimer(static state => ((LoopTimer)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (!_timer.Change(due, Timeout.InfiniteTimeSpan))
            throw new InvalidOperationException("A timer that was not disposed could not be set.");
    }

    private void Fire()
    {
        loop.TryPost(callback, null);
        try
        {
            _timer?.Dispose();
        }
        catch (Exception error)
        {
            SinkDiagnostics.Report($"TimeProvider of a sink on loop '{loop.Name}'", error);
        }
    }
}
