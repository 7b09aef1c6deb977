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
    private readonly string _owner;

    // Replaced, once, by the system's when they prove to be of no use.
    private TimeProvider _clock;
    private ITimer _timer;

    // Claimed by whichever of the two clocks comes first.
    private int _stage;
    private int _next;

    // What the loop holds until its time has come, although the stop is long over: empty by then.
    private readonly Reference _self;

    /// <summary>Sets nothing going yet. Throws what the clock throws.</summary>
    public StopBudget(LifecycleDriver driver, LoopHost loop, string owner, TimeProvider clock, TimeSpan budget)
    {
        _driver = driver;
        _loop = loop;
        _owner = owner;
        _clock = clock;
        _budget = budget;
        _self = new Reference { Budget = this };
        _deadline = clock.GetTimestamp() + (long)(budget.TotalSeconds * clock.TimestampFrequency);
        _timer = NewTimer(clock, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Of two by different clocks, which cannot be compared, the system's is the one to trust.</summary>
    public bool EndsBefore(StopBudget other) => _clock == other._clock ? _deadline <= other._deadline : _clock == TimeProvider.System;

    public void Start() => Arm(0, _budget);

    /// <summary>Infallible.</summary>
    public void Dispose()
    {
        _self.Budget = null;
        Dispose(Volatile.Read(ref _timer));
    }

    /// <summary>By a timer, which needs the thread pool, and by the loop, which must not be stuck: one of the two will do. Infallible.</summary>
    private void Arm(int stage, TimeSpan due)
    {
        Volatile.Write(ref _next, stage);
        try
        {
            if (!_timer.Change(due, Timeout.InfiniteTimeSpan) && _self.Budget is not null)
                throw new InvalidOperationException("A timer that was not disposed could not be set.");
        }
        catch (Exception error)
        {
            // Somebody else's clock. The stop has its caller's word that it ends, so the time that is left now goes by the system's.
            Report(error);
            UseSystemTimer(due);
        }

        if (_clock == TimeProvider.System && _loop.HasOwnTimers)
            _loop.TryPost(_ => Schedule_OnLoop(_loop, _self, stage, due), null);
    }

    private ITimer NewTimer(TimeProvider clock, TimeSpan due)
    {
        if (ExecutionContext.IsFlowSuppressed())
            return Create();
        // The timer must not carry the context of whoever asked for the stop.
        using (ExecutionContext.SuppressFlow())
            return Create();

        ITimer Create() => clock.CreateTimer(static state => ((StopBudget)state!).Fire(), this, due, Timeout.InfiniteTimeSpan)
            ?? throw new InvalidOperationException("CreateTimer returned null.");
    }

    private void UseSystemTimer(TimeSpan due)
    {
        Dispose(_timer);
        _clock = TimeProvider.System;
        ITimer timer = NewTimer(TimeProvider.System, due);
        Interlocked.Exchange(ref _timer, timer);
        if (_self.Budget is null)
            timer.Dispose(); // the stop was over meanwhile
    }

    private void Dispose(ITimer timer)
    {
        try
        {
            timer.Dispose();
        }
        catch (Exception error)
        {
            Report(error);
        }
    }

    private void Report(Exception error) => SinkDiagnostics.Report($"TimeProvider of sink '{_owner}'", error);

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
