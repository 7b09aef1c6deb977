using System.Diagnostics;

namespace Mvx.Sink.Integration.Files;

/// <summary>A file system in memory, mounted for one test: small, or read-only. Needs the right to mount, see <see cref="MountFactAttribute"/>.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private SmallDisk(string options)
    {
        Assert.True(TryRun("mount", "-t", "tmpfs", "-o", options, "tmpfs", _folder.Path), "mount");
    }

    public static bool CanMount { get; } = Probe();

    public string Path => _folder.Path;

    public static SmallDisk OfSize(string size) => new($"size={size}");

    public static SmallDisk ReadOnly() => new("ro");

    public string File(string name) => _folder.File(name);

    public void Dispose()
    {
        Assert.True(TryRun("umount", "-l", _folder.Path), "umount");
        _folder.Dispose();
    }

    private static bool Probe()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        using var folder = new TemporaryFolder();
        return TryRun("mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", folder.Path) && TryRun("umount", folder.Path);
    }

    private static bool TryRun(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
