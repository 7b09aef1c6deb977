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
    private readonly TimeProvider _clock;

    // Claimed by whichever of the two clocks comes first.
    private int _stage;
    private int _next;

    // What the loop holds until its time has come, although the stop is long over: empty by then.
    private readonly Reference _self;

    public StopBudget(LifecycleDriver driver, LoopHost loop, TimeProvider clock, TimeSpan budget)
    {
        _driver = driver;
        _loop = loop;
        _clock = clock;
        _budget = budget;
        _self = new Reference { Budget = this };
        _deadline = clock.GetTimestamp() + (long)(budget.TotalSeconds * clock.TimestampFrequency);
        // The timer must not carry the context of whoever asked for the stop.
        using (ExecutionContext.SuppressFlow())
            _timer = clock.CreateTimer(static state => ((StopBudget)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool EndsBefore(StopBudget other) => _deadline <= other._deadline;

    public void Start() => Arm(0, _budget);

    public void Dispose()
    {
        _self.Budget = null;
        _timer.Dispose();
    }

    /// <summary>By a timer, which needs the thread pool, and by the loop, which must not be stuck: one of the two will do.</summary>
    private void Arm(int stage, TimeSpan due)
    {
        Volatile.Write(ref _next, stage);
        _timer.Change(due, Timeout.InfiniteTimeSpan);
        if (_clock == TimeProvider.System && _loop.HasOwnTimers)
            _loop.TryPost(_ => Schedule_OnLoop(_loop, _self, stage, due), null);
    }

    private static void Schedule_OnLoop(LoopHost loop, Reference self, int stage, TimeSpan due)
    {
        // A stop that had little to do is over before the loop comes here.
        if (self.Budget is not null)
            loop.Schedule_OnLoop(TimeProvider.System, due, _ => self.Budget?.Fire(stage));
    }

    private void Fire() => Fire(Volatile.Read(ref _next));

    private void Fire(int stage)
    {
        if (_self.Budget is null || Interlocked.CompareExchange(ref _stage, stage + 1, stage) != stage)
            return;
        switch (stage)
        {
            case 0:
                // Before the token fires: what is registered with that may block.
                Arm(1, Grace);
                _driver.SpendBudget(_budget);
                break;
            case 1:
                Arm(2, _loopGrace);
                _loop.TryPost(static state => ((StopBudget)state!).GiveUp(), this);
                break;
            default:
                // Once to give the backend up, and once more should its hand-over not return either. Completing the stop ends the timer.
                Arm(stage + 1, Grace);
                GiveUp();
                break;
        }
    }

    private void GiveUp() => _driver.GiveUp(_budget);

    private sealed class Reference
    {
        public StopBudget? Budget
        {
            get => Volatile.Read(ref field);
            set => Volatile.Write(ref field, value);
        }
    }
}
