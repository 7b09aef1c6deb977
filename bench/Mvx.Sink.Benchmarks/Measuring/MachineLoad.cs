using System.Globalization;

namespace Mvx.Sink.Benchmarks.Measuring;

/// <summary>Who has the processors: this process, others, nobody. Linux only.</summary>
internal sealed class MachineLoad
{
    private const string Stat = "/proc/stat";

    /// <summary>Linux counts in hundredths of a second towards programs, whatever its tick.</summary>
    private const double TicksPerSecond = 100;

    private readonly double _busy = Busy();
    private readonly long _own = ProcessorTime.OfProcess();
    private readonly long _start = Environment.TickCount64;

    /// <summary>How much of all processors others had since this was created, in percent; NaN where that is unknown.</summary>
    public double OthersPercent()
    {
        if (!ProcessorTime.IsAvailable || !File.Exists(Stat))
            return double.NaN;
        double seconds = (Environment.TickCount64 - _start) / 1e3 * Environment.ProcessorCount;
        double own = (ProcessorTime.OfProcess() - _own) / 1e9;
        return seconds == 0 ? double.NaN : Math.Clamp(100 * (Busy() - _busy - own) / seconds, 0, 100);
    }

    /// <summary>Processor seconds of all programs: everything on the first line but idle and waiting for disks.</summary>
    private static double Busy()
    {
        if (!File.Exists(Stat))
            return 0;
        string[] fields = File.ReadLines(Stat).First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        double ticks = fields.Skip(1).Take(8).Where(static (_, index) => index is not (3 or 4)).Sum(static field => double.Parse(field, CultureInfo.InvariantCulture));
        return ticks / TicksPerSecond;
    }
}
