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

    /// <summary>Gives the background compiler the pause it waits for before it promotes hot methods.</summary>
    public static void LetTheJitFinish()
    {
        long compiled;
        do
        {
            compiled = System.Runtime.JitInfo.GetCompiledMethodCount();
            Thread.Sleep(250);
        }
        while (System.Runtime.JitInfo.GetCompiledMethodCount() > compiled + 2);
    }
}
