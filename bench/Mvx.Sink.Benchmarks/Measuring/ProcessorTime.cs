using System.Runtime.InteropServices;

namespace Mvx.Sink.Benchmarks.Measuring;

/// <summary>
/// Processor time to the nanosecond. On a shared machine it is the steadier figure: time in which somebody else had the processor is not in it.
/// (Neither is time spent parked on a lock, so it flatters those who park.)
/// </summary>
internal static class ProcessorTime
{
    private const int ProcessClock = 2;
    private const int ThreadClock = 3;

    public static bool IsAvailable { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>Of the calling thread, in nanoseconds; 0 where it is not to be had.</summary>
    public static long OfThisThread() => Read(ThreadClock);

    /// <summary>Of all threads of the process, in nanoseconds; 0 where it is not to be had.</summary>
    public static long OfProcess() => Read(ProcessClock);

    private static long Read(int clock) =>
        IsAvailable && GetTime(clock, out TimeSpec time) == 0 ? time.Seconds * 1_000_000_000 + time.Nanoseconds : 0;

    [DllImport("libc", EntryPoint = "clock_gettime", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
