namespace Mvx.Sink.Verification;

/// <summary>
/// Keeps the thread pool's threads busy until disposed, for a moment at most, so that nothing queued to the pool (a continuation off the loop, Task.Run) can run yet.
/// </summary>
internal sealed class PoolHold : IDisposable
{
    private const int MostThreads = 64;

    /// <summary>A sink that waits for the pool synchronously must not wait for ever.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(60);

    private readonly ManualResetEventSlim _release = new(initialState: false);

    public PoolHold()
    {
        for (int i = 0; i < MostThreads; i++)
        {
            var entered = new ManualResetEventSlim(initialState: false);
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    entered.Set();
                    _release.Wait(_longest);
                },
                null);
            if (!entered.Wait(TimeSpan.FromMilliseconds(3)))
                return; // it has to wait itself: the pool is busy
        }
    }

    public void Dispose() => _release.Set();
}
