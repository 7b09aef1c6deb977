namespace Mvx.Sink.Verification;

/// <summary>
/// Lets threads go on together, again and again, so close to each other that what they do next overlaps. It spins, since threads that are woken come one after the
/// other; so use it for moments only.
/// </summary>
internal sealed class StartLine(int threads)
{
    /// <summary>Who spins is on a processor, and goes on at once; who yields may be away for milliseconds.</summary>
    private static readonly TimeSpan _spin = TimeSpan.FromMicroseconds(300);

    private int _arrived;
    private int _round;
    private volatile bool _open;

    /// <summary>Waits for the others. False when somebody has left for good.</summary>
    public bool Meet()
    {
        int round = Volatile.Read(ref _round);
        if (Interlocked.Increment(ref _arrived) == threads)
        {
            Volatile.Write(ref _arrived, 0);
            Volatile.Write(ref _round, round + 1);
            return !_open;
        }

        var spin = default(SpinWait);
        long since = TimeProvider.System.GetTimestamp();
        while (!_open && Volatile.Read(ref _round) == round)
        {
            if (TimeProvider.System.GetElapsedTime(since) < _spin)
                Thread.SpinWait(10);
            else
                spin.SpinOnce(sleep1Threshold: -1);
        }

        return !_open;
    }

    /// <summary>Nobody waits any more.</summary>
    public void Open() => _open = true;
}
