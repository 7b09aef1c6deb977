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

            if (OperatingSystem.IsWindows() || IsStillAt(lockPath, handle))
                return new FileLock(handle, lockPath);
            handle.Dispose(); // its holder deleted it between our opening and our locking it: it guards nothing any more
        }
    }

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows() && !_handle.IsClosed)
        {
            try
            {
                // Deleted while still locked: whoever opened it meanwhile sees that it is gone and begins anew.
                File.Delete(_path);
            }
            catch (Exception)
            {
                // An unlocked lock file left behind is harmless.
            }
        }

        _handle.Dispose();
    }

    /// <summary>Whether the path leads to the file that is locked: a mark made on one must be seen on the other.</summary>
    private static bool IsStillAt(string lockPath, SafeFileHandle handle)
    {
        DateTime mark = DateTime.UnixEpoch.AddMilliseconds(Random.Shared.NextInt64(1L << 40));
        File.SetLastWriteTimeUtc(handle, mark);
        return File.GetLastWriteTimeUtc(lockPath) == File.GetLastWriteTimeUtc(handle);
    }
}
