namespace Mvx.Sink.Integration.Support;

/// <summary>A test that reads /proc, shown as skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "Measures through /proc, which only Linux has.";
    }
}
