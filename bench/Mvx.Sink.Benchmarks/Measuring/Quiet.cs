namespace Mvx.Sink.Benchmarks.Measuring;

/// <summary>Settles the process before a sample, so that no peer pays for what another left behind.</summary>
internal static class Quiet
{
    public static void Down()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    /// <summary>Gives the background compiler the pause it waits for before it promotes hot methods, until it has had nothing to do twice in a row.</summary>
    public static void LetTheJitFinish() => LetTheJitFinish(TimeSpan.FromMilliseconds(200));

    /// <summary>The same with longer pauses, for what is measured by the time of the whole process: the compiler's is in that.</summary>
    public static void LetTheJitFinish(TimeSpan pause)
    {
        for (int still = 0; still < 2;)
        {
            long compiled = System.Runtime.JitInfo.GetCompiledMethodCount();
            Thread.Sleep(pause);
            still = System.Runtime.JitInfo.GetCompiledMethodCount() > compiled + 2 ? 0 : still + 1;
        }
    }
}
