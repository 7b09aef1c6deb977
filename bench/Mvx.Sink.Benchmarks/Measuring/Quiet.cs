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
    public static void LetTheJitFinish()
    {
        for (int still = 0; still < 2;)
        {
            long compiled = System.Runtime.JitInfo.GetCompiledMethodCount();
            Thread.Sleep(200);
            still = System.Runtime.JitInfo.GetCompiledMethodCount() > compiled + 2 ? 0 : still + 1;
        }
    }
}
