using System.Globalization;

namespace Mvx.Sink.Integration.Support;

/// <summary>A theory that interrupts a process it starts; skipped, with the reason, where that cannot work.</summary>
internal sealed class InterruptTheoryAttribute : TheoryAttribute
{
    private const long InterruptBit = 2;

    public InterruptTheoryAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Needs the signals of a Unix system.";
        else if (IsInterruptIgnored())
            Skip = "This run ignores SIGINT, as what a script starts with & does, and a process inherits that.";
    }

    private static bool IsInterruptIgnored()
    {
        const string Field = "SigIgn:";
        if (!OperatingSystem.IsLinux())
            return false;
        string? line = Array.Find(File.ReadAllLines("/proc/self/status"), static line => line.StartsWith(Field, StringComparison.Ordinal));
        return line is not null && (long.Parse(line.AsSpan(Field.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & InterruptBit) != 0;
    }
}
