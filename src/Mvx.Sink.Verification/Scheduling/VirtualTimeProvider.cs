namespace Mvx.Sink.Verification;

/// <summary>A clock that moves only when told to, and fires its timers then, in order of their due times, on the thread that moves it. Safe on any thread.</summary>
public sealed class VirtualTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<VirtualTimer> _timers = [];
    private DateTimeOffset _now;

    /// <summary>Creates a clock.</summary>
    /// <param name="start">The first moment; null: the beginning of the year 2000, UTC.</param>
    public VirtualTimeProvider(DateTimeOffset? start = null) => _now = start ?? new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and fires what becomes due on the way.</summary>
    /// <param name="by">By how much; not negative.</param>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        DateTimeOffset until = GetUtcNow() + by;
        while (TakeDue(until) is { } timer)
            timer.Fire();
        lock (_lock)
            _now = until;
    }

    /// <summary>Moves the clock to the next timer and fires it.</summary>
    /// <returns>False when there is none.</returns>
    public bool AdvanceToNextTimer()
    {
        DateTimeOffset next;
        lock (_lock)
        {
            if (_timers.Count == 0)
                return false;
            next = _timers.Min(static timer => timer.Due);
        }

        TimeSpan by = next - GetUtcNow();
        Advance(by > TimeSpan.Zero ? by : TimeSpan.Zero);
        return true;
    }

    internal void Schedule(VirtualTimer timer, TimeSpan dueTime)
    {
        lock (_lock)
        {
            _timers.Remove(timer);
            if (dueTime < TimeSpan.Zero)
                return;
            timer.Due = _now + dueTime;
            _timers.Add(timer);
        }
    }

    private VirtualTimer? TakeDue(DateTimeOffset until)
    {
        lock (_lock)
        {
            VirtualTimer? next = _timers.Where(timer => timer.Due <= until).MinBy(static timer => timer.Due);
            if (next is null)
                return null;
            _timers.Remove(next);
            if (next.Due > _now)
                _now = next.Due;
            return next;
        }
    }
}
