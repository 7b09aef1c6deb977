namespace Mvx.Sink.Runtime;

/// <summary>A time waited for by somebody else's clock; its callback runs on the loop.</summary>
internal sealed class LoopTimer(LoopHost loop, SendOrPostCallback callback)
{
    private ITimer? _timer;

    public void Start(TimeProvider clock, TimeSpan due)
    {
        _timer = clock.CreateTimer(static state => ((LoopTimer)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private void Fire()
    {
        loop.TryPost(callback, null);
        _timer?.Dispose();
    }
}
