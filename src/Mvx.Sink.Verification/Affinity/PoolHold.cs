namespace Mvx.Sink.Verification;

/// <summary>
/// Keeps the thread pool from running anything that is queued to it from now on (a continuation off the loop, Task.Run), until disposed, or for a while at most.
/// </summary>
/// <remarks>
/// What is queued off the pool's threads is taken in the order of its coming. So more work items than the pool has threads are put in front, each of which waits, and
/// after them one more that only tells that it runs: as long as it has not, nothing queued later has, however much time has passed.
/// </remarks>
internal sealed class PoolHold : IDisposable
{
    /// <summary>The pool adds a thread now and then when it gets nowhere: each finds one of these.</summary>
    private const int Spare = 32;

    private const int MostThreads = 1_000;

    private readonly ManualResetEventSlim _release = new(initialState: false);
    private readonly TimeSpan _longest;
    private readonly long _since = TimeProvider.System.GetTimestamp();
    private volatile bool _hasCome;

    /// <param name="longest">So long at most: who waits for the pool synchronously, the sink or what reads its backend, must not wait for ever.</param>
    public PoolHold(TimeSpan longest)
    {
        _longest = longest;
        ThreadPool.GetMinThreads(out int ready, out _);
        int threads = Math.Min(Math.Max(ready, ThreadPool.ThreadCount), MostThreads) + Spare;
        for (int i = 0; i < threads; i++)
            ThreadPool.UnsafeQueueUserWorkItem(static hold => hold.Wait(), this, preferLocal: false);
        ThreadPool.UnsafeQueueUserWorkItem(static hold => hold._hasCome = true, this, preferLocal: false);
    }

    /// <summary>Whether nothing queued since can have run yet. Ask it after the look that relies on it.</summary>
    public bool Holds => !_hasCome && Rest > TimeSpan.Zero;

    public void Dispose() => _release.Set();

    private TimeSpan Rest => _longest - TimeProvider.System.GetElapsedTime(_since);

    private void Wait()
    {
        if (Rest is var rest && rest > TimeSpan.Zero)
            _release.Wait(rest);
    }
}
