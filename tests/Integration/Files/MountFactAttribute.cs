namespace Mvx.Sink.Integration.Files;

/// <summary>A test that mounts a small file system; skipped, with the reason, where that is not allowed.</summary>
internal sealed class MountFactAttribute : FactAttribute
{
    public MountFactAttribute()
    {
        if (!SmallDisk.CanMount)
            Skip = "Mounting a tmpfs is not allowed here; it needs Linux and CAP_SYS_ADMIN.";
    }
}
