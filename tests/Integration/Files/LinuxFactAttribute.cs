namespace Mvx.Sink.Integration.Files;

/// <summary>A test of locks that only Linux has; skipped, with the reason, elsewhere.</summary>
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "Needs Linux's locks of open files.";
    }
}
