namespace Mvx.Sink.Verification;

/// <summary>
/// Lets threads go on together, again and again, so close to each other that what they do next overlaps. It spins, since threads that are woken come one after the
/// other; so use it for moments only.
/// </summary>
internal sealed class StartLine(int threads)
{
    /// <summary>
    /// Who spins is on a processor, and goes on at once; who yields may be away for milliseconds. On a busy machine it takes a whole turn of the scheduler's until the
    /// others have a processor too.
    /// </summary>
    private static readonly TimeSpan _spin = Environment.ProcessorCount > 1 ? TimeSpan.FromMilliseconds(5) : TimeSpan.Zero;

    /// <summary>Who comes out of a meeting within this of the others has a processor of its own.</summary>
    private static readonly TimeSpan _close = TimeSpan.FromMicroseconds(5);

    // Each thread writes its own before a meeting and reads all after it.
    private readonly long[] _stamps = new long[threads];
    private readonly bool[] _late = new bool[threads];

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

    /// <summary>Meets again and again until all threads have a processor at the same moment, or one of them has tried for long enough. False when somebody has left for good.</summary>
    public bool MeetClosely(int index, TimeSpan longest, out bool late)
    {
        long since = TimeProvider.System.GetTimestamp();
        late = false;
        while (true)
        {
            _late[index] = TimeProvider.System.GetElapsedTime(since) > longest;
            if (!Meet())
                return false;
            _stamps[index] = TimeProvider.System.GetTimestamp();
            late = Array.Exists(_late, static one => one);
            if (!Meet())
                return false;
            // All of them see the same figures here, and decide alike.
            if (late || TimeProvider.System.GetElapsedTime(_stamps.Min(), _stamps.Max()) < _close)
                return true;
        }
    }

    /// <summary>Nobody waits any more.</summary>
    public void Open() => _open = true;
}
