namespace Mvx.Sink.Integration.Files;

/// <summary>A test of a Unix system's answers; skipped, with the reason, elsewhere.</summary>
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Needs /dev/full or signals of a Unix system.";
    }
}
