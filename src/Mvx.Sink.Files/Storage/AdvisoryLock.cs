using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mvx.Sink.Files.Storage;

/// <summary>
/// An exclusive lock on the log file itself, whatever name leads to it: a hard link has another lock file beside it, or the lock file was deleted. It is on a byte
/// that no file reaches and of the kind that asks nothing of readers.
/// </summary>
/// <remarks>
/// Linux only. Windows refuses a second writer by itself. On a network file system this lock would be seen as one on the whole file, and keep readers out.
/// </remarks>
internal static class AdvisoryLock
{
    private const int SetOpenFileLock = 37;
    private const short WriteLock = 1;
    private const int AccessDenied = 13;
    private const int TryAgain = 11;

    /// <summary>Takes the lock for as long as the handle is open. False: somebody else has it. Null: there are no such locks here.</summary>
    public static bool? TryTake(SafeFileHandle handle, string path)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess || LogPath.IsDevice(path) || IsOnNetwork(path))
            return null;
        var range = new FileRange { Type = WriteLock, Start = long.MaxValue - 1, Length = 1 };
        if (Control(handle, SetOpenFileLock, ref range) == 0)
            return true;
        return Marshal.GetLastPInvokeError() is TryAgain or AccessDenied ? false : null;
    }

    private static bool IsOnNetwork(string path)
    {
        try
        {
            return new DriveInfo(path).DriveType == DriveType.Network;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return true;
        }
    }

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(SafeFileHandle handle, int command, ref FileRange range);

    [StructLayout(LayoutKind.Sequential)]
    private struct FileRange
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Process;
    }
}
