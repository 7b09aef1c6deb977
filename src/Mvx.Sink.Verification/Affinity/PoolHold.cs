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
    private readonly TimeSpan _time;
    private readonly long _since;

    public PoolHold(double stretch)
    {
        _time = _longest * stretch;
        ThreadPool.GetMinThreads(out int ready, out _);
        for (int i = 0; i < MostThreads; i++)
        {
            var entered = new ManualResetEventSlim(initialState: false);
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    entered.Set();
                    _release.Wait(_time);
                },
                null);
            // So many threads the pool has at once; one more it makes slowly, and then nothing else is run before ours is.
            if (!entered.Wait(TimeSpan.FromMilliseconds(i < ready ? 100 : 3)))
                break;
        }

        _since = TimeProvider.System.GetTimestamp();
    }

    /// <summary>Whether nothing queued can have run yet; the threads that are held give up after a while.</summary>
    public bool Holds => TimeProvider.System.GetElapsedTime(_since) < _time / 2;

    /// <summary>How long it can still be relied upon.</summary>
    public TimeSpan Rest => (_time / 2) - TimeProvider.System.GetElapsedTime(_since) is var rest && rest > TimeSpan.Zero ? rest : TimeSpan.Zero;

    public void Dispose() => _release.Set();
}
