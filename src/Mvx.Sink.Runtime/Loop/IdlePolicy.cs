namespace Mvx.Sink.Runtime;

/// <summary>
/// What a loop that has run out of work does: look again after a pause, or park. Looking again spares producers the price of waking the loop, and costs
/// processor time, so both are learnt from how long the loop was idle before. Pure: times are microseconds on any steady clock.
/// </summary>
internal struct IdlePolicy
{
    /// <summary>The answer that says: park.</summary>
    public const int Park = -1;

    /// <summary>How long to look before parking when nothing suggests that it pays.</summary>
    public const int ShortestWindow = 20;

    /// <summary>
    /// How long to look at most. Events that come further apart than this are worth a wake-up each: below some thousand a second the loop sleeps in between.
    /// </summary>
    public const int LongestWindow = 250;

    private bool _idle;
    private long _idleSince;
    private long _window;
    private int _pause;

    /// <summary>There was work after an idle time.</summary>
    /// <param name="now">The time.</param>
    /// <param name="plenty">Whether there was as much as one turn may do.</param>
    public void Worked(long now, bool plenty)
    {
        // A pause that let a full turn's work gather was too long. One that did not may grow: fewer looks, less traffic on the producers' cache lines.
        if (plenty)
            _pause = 0;
        if (!_idle)
            return;
        _idle = false;
        long idle = now - _idleSince;
        _window = idle <= LongestWindow
            ? Math.Max(_window, Math.Min(LongestWindow, 4 * idle))
            : Math.Max(ShortestWindow, _window / 2);
    }

    /// <summary>There was no work.</summary>
    /// <param name="now">The time.</param>
    /// <param name="longestPause">The longest pause in which the queues cannot fill up.</param>
    /// <returns>How long to pause before looking again, or <see cref="Park"/>.</returns>
    public int NoWork(long now, int longestPause)
    {
        if (!_idle)
        {
            _idle = true;
            _idleSince = now;
        }

        if (now - _idleSince >= Math.Max(_window, ShortestWindow))
        {
            _pause = 0;
            return Park;
        }

        _pause = Math.Clamp(_pause * 2, 1, Math.Max(1, longestPause));
        return _pause;
    }

    /// <summary>Whether the loop was idle, so that <see cref="Worked"/> has something to learn.</summary>
    public readonly bool IsIdle => _idle;
}
