using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Mvx.Sink.Runtime;

/// <summary>A loop on a thread of its own. The thread is named, in the background, and inherits nothing from its creator (rule P3).</summary>
[SuppressMessage("Design", "CA1001", Justification = "The thread disposes its wake-up event as one of its last acts.")]
internal sealed class LoopThread : LoopHost
{
    /// <summary>How long tearing down waits for hooks and dispatches that have been told to end.</summary>
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(10);

    private readonly Thread _thread;
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Shared: for diagnostics only.
    private volatile string _name;

    // Shared: 1 while the thread is parked or about to be.
    private int _parked;

    // Shared: set once by whoever closes the loop, and by whoever gives it up.
    private int _closing;
    private int _givenUp;

    // Owned by the loop.
    private readonly PriorityQueue<SendOrPostCallback, long> _timers = new();
    private IdlePolicy _idle;

    public LoopThread(string name)
    {
        _name = name;
        _thread = new Thread(Run) { IsBackground = true, Name = name };
    }

    public override string Name => _name;

    private bool IsClosing => Volatile.Read(ref _closing) == 1;

    /// <summary>Completes as the thread's last act.</summary>
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Start() => _thread.UnsafeStart();

    /// <summary>Renames the thread once it is known for whom it works.</summary>
    public void Rename(string name)
    {
        _name = name;
        _thread.Name = name;
    }

    public override bool HasOwnTimers => true;

    /// <summary>The system's time is waited for by the loop itself, so that it does not depend on the thread pool.</summary>
    public override void Schedule_OnLoop(TimeProvider clock, TimeSpan due, SendOrPostCallback callback)
    {
        if (clock == TimeProvider.System)
            _timers.Enqueue(callback, Stopwatch.GetTimestamp() + (long)(due.TotalSeconds * Stopwatch.Frequency));
        else
            base.Schedule_OnLoop(clock, due, callback);
    }

    /// <summary>Tells every sink that the loop is going away; the thread ends once they are at rest. Any thread; does not block.</summary>
    public void BeginClose()
    {
        if (Interlocked.Exchange(ref _closing, 1) == 0)
            TryPost(static state => ((LoopThread)state!).Close_OnLoop(), this);
    }

    /// <summary>Waits for the thread to end. When it does not within the grace, gives it up and tells its sinks.</summary>
    public void Join(TimeSpan grace)
    {
        if (Volatile.Read(ref _givenUp) == 1)
            return;
        FireTokensOfBlockedThread(grace / 10);
        if (_thread.Join(grace) || Interlocked.Exchange(ref _givenUp, 1) == 1)
            return;
        EndByForce();
        // From here the thread touches none of its sinks once it is back in our code; give it the time to get out of it.
        foreach (ILoopTenant tenant in Tenants())
            tenant.Abandon();
        Wake();
        bool ended = _thread.Join(TimeSpan.FromMilliseconds(50));
        SinkDiagnostics.Report(
            $"loop '{Name}'",
            new TimeoutException(
                $"The loop was disposed, but a hook or a dispatch did not return within {grace.TotalSeconds:0.#} s of being cancelled; "
                + (ended ? "it was abandoned." : "it blocks the thread, which is left behind.")));
        TellTenantsTheLoopIsGone().GetAwaiter().GetResult();
    }

    /// <summary>
    /// A hook that blocks the thread keeps it from being told that the loop closes. Its token is all that can reach it, so it is fired from
    /// here.
    /// </summary>
    private void FireTokensOfBlockedThread(TimeSpan patience)
    {
        if (_told.Task.Wait(patience) || !_thread.IsAlive)
            return;
        foreach (ILoopTenant tenant in Tenants())
            tenant.FireToken();
    }

    protected override bool Wake()
    {
        // The poster's enqueue and this read are ordered by the lock that TryPost has just left.
        if (Interlocked.Exchange(ref _parked, 0) == 1)
            _wake.Set();
        return true;
    }

    private void Run()
    {
        Enter(this);
        SynchronizationContext.SetSynchronizationContext(Context);
        while (!HasEnded && !(IsClosing && TenantsAreAtRest() && TryEnd()))
        {
            bool timers = RunTimers_OnLoop();
            TurnResult turn = RunTurn_OnLoop();
            if (timers || turn != TurnResult.Nothing)
                Worked_OnLoop(turn);
            else
                RestAWhile_OnLoop();
        }

        Enter(null);
        _wake.Dispose();
        Ended.TrySetResult();
    }

    private void Worked_OnLoop(TurnResult turn)
    {
        if (_idle.IsIdle || turn == TurnResult.Plenty)
            _idle.Worked(Microseconds(Stopwatch.GetTimestamp()), plenty: turn == TurnResult.Plenty);
    }

    private void RestAWhile_OnLoop()
    {
        long start = Stopwatch.GetTimestamp();
        int pause = IsHot ? _idle.NoWork(Microseconds(start), LongestPause_OnLoop()) : IdlePolicy.Park;
        if (pause == IdlePolicy.Park)
            Park_OnLoop();
        else
            Pause_OnLoop(start, pause);
    }

    /// <summary>Looks away from what producers write, and leaves the core to whoever wants it; a posted callback cuts it short.</summary>
    private void Pause_OnLoop(long start, int microseconds)
    {
        do
        {
            Thread.Yield();
            Thread.SpinWait(8);
        }
        while (!HasPosted && Microseconds(Stopwatch.GetTimestamp() - start) < microseconds);
    }

    private static long Microseconds(long ticks) => ticks * 1_000_000 / Stopwatch.Frequency;

    private void Park_OnLoop()
    {
        if (!TryArmAll_OnLoop())
            return;
        Volatile.Write(ref _parked, 1);
        Interlocked.MemoryBarrier();
        if ((HasPosted || HasEnded) && Interlocked.Exchange(ref _parked, 0) == 1)
            return;
        _wake.WaitOne(TimeToNextTimer());
        Volatile.Write(ref _parked, 0);
    }

    private bool RunTimers_OnLoop()
    {
        bool any = false;
        while (_timers.TryPeek(out SendOrPostCallback? callback, out long due) && due <= Stopwatch.GetTimestamp())
        {
            _timers.Dequeue();
            callback(null);
            any = true;
        }

        return any;
    }

    private TimeSpan TimeToNextTimer()
    {
        if (!_timers.TryPeek(out _, out long due))
            return Timeout.InfiniteTimeSpan;
        // Up to the next whole millisecond: the wait is that coarse, and waking early would only mean waiting again.
        double milliseconds = (due - Stopwatch.GetTimestamp()) * 1000.0 / Stopwatch.Frequency;
        return TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(milliseconds)));
    }

    private void Close_OnLoop()
    {
        CloseToNewTenants();
        _told.SetResult();
        foreach (ILoopTenant tenant in Tenants())
            tenant.LoopClosing_OnLoop();
    }

    private bool TenantsAreAtRest() => Array.TrueForAll(Tenants(), static tenant => tenant.IsAtRest);
}
