namespace Mvx.Sink.Verification;

/// <summary>Waiting with a bound for things that cannot be awaited: another thread's code, a foreign backend.</summary>
internal static class Patience
{
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

    /// <summary>Runs an action on a thread of its own. False when it did not end in time; it is then left behind.</summary>
    public static bool TryRun(Action action, TimeSpan bound)
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
        if (!thread.Join(bound))
            return false;
        if (thrown is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(thrown);
        return true;
    }
}
