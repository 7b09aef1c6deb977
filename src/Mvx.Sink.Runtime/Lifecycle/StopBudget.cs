namespace Mvx.Sink.Runtime;

/// <summary>Sees to it that a stop ends: when its time is up the token fires; after a grace the loop, and if that is stuck this, gives it up.</summary>
internal sealed class StopBudget : IDisposable
{
    /// <summary>How long a backend whose token has fired may take to return.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan _loopGrace = TimeSpan.FromMilliseconds(250);

    private readonly LifecycleDriver _driver;
    private readonly LoopHost _loop;
    private readonly TimeSpan _budget;
    private readonly long _deadline;
    private readonly ITimer _timer;
    private int _stage;

    public StopBudget(LifecycleDriver driver, LoopHost loop, TimeProvider clock, TimeSpan budget)
    {
        _driver = driver;
        _loop = loop;
        _budget = budget;
        _deadline = clock.GetTimestamp() + (long)(budget.TotalSeconds * clock.TimestampFrequency);
        // The timer must not carry the context of whoever asked for the stop.
        using (ExecutionContext.SuppressFlow())
            _timer = clock.CreateTimer(static state => ((StopBudget)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool EndsBefore(StopBudget other) => _deadline <= other._deadline;

    public void Start() => _timer.Change(_budget, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();

    private void Fire()
    {
        switch (_stage++)
        {
            case 0:
                _driver.SpendBudget(_budget);
                _timer.Change(Grace, Timeout.InfiniteTimeSpan);
                break;
            case 1:
                _loop.TryPost(static state => ((StopBudget)state!).GiveUp(), this);
                _timer.Change(_loopGrace, Timeout.InfiniteTimeSpan);
                break;
            default:
                // Once to give the backend up, and once more should its hand-over not return either. Completing the stop ends the timer.
                _timer.Change(Grace, Timeout.InfiniteTimeSpan);
                GiveUp();
                break;
        }
    }

    private void GiveUp() => _driver.GiveUp(_budget);
}
