using System.Diagnostics;

namespace Mvx.Sink.Benchmarks.Measuring;

/// <summary>Ticks of <see cref="Stopwatch"/> in other units.</summary>
internal static class Ticks
{
    private static readonly double _nanoseconds = 1e9 / Stopwatch.Frequency;

    public static double ToNanoseconds(double ticks) => ticks * _nanoseconds;

    public static double ToSeconds(double ticks) => ticks / Stopwatch.Frequency;

    public static long OfMicroseconds(double microseconds) => (long)(microseconds * Stopwatch.Frequency / 1e6);
}
