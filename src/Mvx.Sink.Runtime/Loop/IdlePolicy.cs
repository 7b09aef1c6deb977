using System.Diagnostics;

namespace Mvx.Sink.Runtime;

/// <summary>
/// How long a loop that has run out of work goes on looking before it parks. Looking again spares producers the price of waking it, and
/// costs a core; so the window adapts: it grows while looking pays off, and shrinks to almost nothing while it does not.
/// </summary>
internal struct IdlePolicy
{
    private static readonly long _microsecond = Math.Max(1, Stopwatch.Frequency / 1_000_000);

    private const int ShortestWindow = 20;
    private const int LongestWindow = 1_000;

    private int _window;
    private long _idleSince;
    private int _looks;

    /// <summary>There was work.</summary>
    public void Worked()
    {
        if (_looks > 1)
            _window = Math.Min(LongestWindow, Math.Max(ShortestWindow, _window * 2));
        _looks = 0;
    }

    /// <summary>There was no work. True: look again, after a pause that this call makes. False: park.</summary>
    public bool LookAgain(int longestPause)
    {
        long now = Stopwatch.GetTimestamp();
        if (_looks++ == 0)
            _idleSince = now;
        long idle = (now - _idleSince) / _microsecond;
        if (idle >= Math.Max(_window, ShortestWindow))
        {
            _window /= 4;
            _looks = 0;
            return false;
        }

        Pause(Math.Min(longestPause, 1 << Math.Min(_looks, 7)), now);
        return true;
    }

    /// <summary>Spends some microseconds without touching what producers write; yields the core to whoever wants it.</summary>
    private static void Pause(int microseconds, long start)
    {
        Thread.Yield();
        while (Stopwatch.GetTimestamp() - start < microseconds * _microsecond)
            Thread.SpinWait(8);
    }
}
