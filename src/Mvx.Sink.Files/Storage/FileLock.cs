using Microsoft.Win32.SafeHandles;

namespace Mvx.Sink.Files.Storage;

/// <summary>
/// The right to write a file, as a lock file beside it: against other sinks of this process and other processes, on every platform. The
/// operating system frees it when its holder dies, so that a file left behind by a crash does no harm.
/// </summary>
/// <remarks>
/// The log file itself cannot serve: where locks are advisory, an exclusive lock on it would keep readers out, and a shared one lets a
/// second writer in.
/// </remarks>
internal sealed class FileLock : IDisposable
{
    private const int WouldBlockLinux = 11;
    private const int WouldBlockMac = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    private readonly SafeFileHandle _handle;
    private readonly string _path;

    private FileLock(SafeFileHandle handle, string path)
    {
        _handle = handle;
        _path = path;
    }

    public static string PathFor(string path) => path + ".lock";

    /// <summary>Takes the lock, or throws at once when somebody has it.</summary>
    public static FileLock Take(string path, string argument)
    {
        string lockPath = PathFor(path);
        while (true)
        {
            SafeFileHandle handle;
            try
            {
                handle = File.OpenHandle(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None);
            }
            catch (IOException error) when (error.HResult is WouldBlockLinux or WouldBlockMac or WindowsSharingViolation)
            {
                throw FileSinkException.InUse(argument, path, lockPath, error);
            }

            var taken = new FileLock(handle, lockPath);
            if (taken.IsInPlace())
                return taken;
            handle.Dispose(); // its holder deleted it between our opening and our locking it: it guards nothing any more
        }
    }

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows() && !_handle.IsClosed)
        {
            try
            {
                // Only one's own: if somebody deleted that, the one that is there now is another's.
                // Deleted while still locked: whoever opened it meanwhile sees that it is gone and begins anew.
                if (IsInPlace())
                    File.Delete(_path);
            }
            catch (Exception)
            {
                // An unlocked lock file left behind is harmless.
            }
        }

        _handle.Dispose();
    }

    /// <summary>
    /// Whether the lock file is still where others look for it: a mark made on one must be seen on the other. The mark is a time of the last hour, so that what deletes old
    /// files takes it for what it is, a file in use; its content cannot be the mark, since the lock keeps it from being read.
    /// </summary>
    public bool IsInPlace()
    {
        if (OperatingSystem.IsWindows())
            return true; // it cannot be deleted while it is open
        DateTime mark = TimeProvider.System.GetUtcNow().UtcDateTime.AddTicks(-Random.Shared.NextInt64(TimeSpan.TicksPerHour));
        File.SetLastWriteTimeUtc(_handle, mark);
        return File.GetLastWriteTimeUtc(_path) == File.GetLastWriteTimeUtc(_handle);
    }

    /// <summary>Lets go of a lock file that is not in place any more.</summary>
    public void Abandon() => _handle.Dispose();
}
