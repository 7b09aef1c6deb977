namespace Mvx.Sink.Verification;

/// <summary>Waiting with a bound for things that cannot be awaited: another thread's code, a foreign backend.</summary>
internal static class Patience
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(100);

    /// <summary>Looks again and again, ever less often, until a condition holds or the time is up.</summary>
    public static bool Until(Func<bool> condition, TimeSpan bound)
    {
        long start = TimeProvider.System.GetTimestamp();
        using var pause = new ManualResetEventSlim(initialState: false);
        for (int attempt = 0; ; attempt++)
        {
            if (condition())
                return true;
            if (TimeProvider.System.GetElapsedTime(start) >= bound)
                return false;
            pause.Wait(Math.Clamp(attempt, 1, 20));
        }
    }

    /// <summary>Lets time pass: for finding out that something does not happen.</summary>
    public static void Pass(TimeSpan time)
    {
        using var pause = new ManualResetEventSlim(initialState: false);
        pause.Wait(time);
    }

    /// <summary>Runs an action on a thread of its own. False when it did not end in time, or when it became hopeless; it is then left behind.</summary>
    public static bool TryRun(Action action, TimeSpan bound, Func<bool>? isHopeless = null)
    {
        Exception? thrown = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception error)
            {
                thrown = error;
            }
        })
        {
            IsBackground = true,
            Name = "Mvx.Sink.Verification",
        };
        thread.UnsafeStart();
        if (isHopeless is null ? !thread.Join(bound) : !TryJoin(thread, bound, isHopeless))
            return false;
        if (thrown is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(thrown);
        return true;
    }

    private static bool TryJoin(Thread thread, TimeSpan bound, Func<bool> isHopeless)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!thread.Join(_look))
        {
            if (isHopeless() || TimeProvider.System.GetElapsedTime(start) >= bound)
                return false;
        }

        return true;
    }
}
