namespace Mvx.Sink.Integration.Files;

/// <summary>A theory about a Unix system's answers; skipped, with the reason, elsewhere.</summary>
internal sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Needs /dev/full or signals of a Unix system.";
    }
}
