using System.Text;

namespace Mvx.Sink.Files.Storage;

/// <summary>Whether a path can be that of a log file, as far as this can be said before it is opened.</summary>
internal static class LogPath
{
    /// <summary>What a rolled file and the lock file add to the name: <c>.2026-01-31.000001</c>, with room to spare.</summary>
    public const int SuffixRoom = 24;

    private const int MaxLinks = 40;
    private const int LongestUnixName = 255;
    private const int LongestUnixPath = 4_095;
    private const int LongestWindowsPath = 32_766;

    /// <summary>The full path; or the exception that names the argument, its value, and what would be right.</summary>
    public static string Require(string? value, string argument)
    {
        ArgumentNullException.ThrowIfNull(value, argument);
        if (string.IsNullOrWhiteSpace(value))
            throw new ArgumentException($"{argument} is \"{value}\"; it must be the path of a file, for instance logs/app.json.", argument);
        if (value.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException($"{argument} \"{value.Replace("\0", "\\0", StringComparison.Ordinal)}\" contains a null character, which no file system allows.", argument);
        string full = Path.GetFullPath(value);
        if (Path.GetFileName(full.AsSpan()).IsEmpty || Directory.Exists(full))
            throw new ArgumentException($"{argument} \"{value}\" is a directory; it must be the path of a file, for instance {Path.Combine(value, "app.json")}.", argument);
        ThrowIfTooLong(value, full, argument);
        return full;
    }

    /// <summary>The file that a full path leads to through all links, those of its folders included; what does not exist yet stays as it is. Devices stay links.</summary>
    /// <exception cref="IOException">The links lead in a circle.</exception>
    public static string Resolve(string path)
    {
        string resolved = FollowLinks(path);
        return IsDeviceName(resolved) ? path : resolved;
    }

    /// <summary>Whether a path leads to something that is no file, so that it has no end and many may write it.</summary>
    public static bool IsDevice(string path) => IsDeviceName(FollowLinks(path));

    /// <summary>Whether two full paths lead to the same file, as far as names and links tell.</summary>
    public static bool AreSame(string one, string other)
    {
        StringComparison comparison = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (string.Equals(one, other, comparison))
            return true;
        try
        {
            return string.Equals(Resolve(one), Resolve(other), comparison);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // opening them will tell what is wrong
        }
    }

    private static bool IsDeviceName(string path) => !OperatingSystem.IsWindows()
        && (path.StartsWith("/proc/", StringComparison.Ordinal)
            || (path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal)));

    private static string FollowLinks(string path)
    {
        string resolved = path;
        for (int links = 0; FollowFirstLink(resolved) is { } next; resolved = next)
        {
            if (++links > MaxLinks)
                throw new IOException($"Too many links, or a circle of them, at \"{path}\".");
        }

        return resolved;
    }

    private static string? FollowFirstLink(string path)
    {
        int end = Path.GetPathRoot(path)!.Length;
        while (end < path.Length)
        {
            int next = path.IndexOf(Path.DirectorySeparatorChar, end);
            next = next < 0 ? path.Length : next;
            string part = path[..next];
            if (new FileInfo(part).LinkTarget is { } target)
                return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(part)!, target) + path[next..]);
            end = next + 1;
        }

        return null;
    }

    private static void ThrowIfTooLong(string value, string full, string argument)
    {
        string name = Path.GetFileName(full);
        bool windows = OperatingSystem.IsWindows();
        int nameLength = windows ? name.Length : Encoding.UTF8.GetByteCount(name);
        int pathLength = windows ? full.Length : Encoding.UTF8.GetByteCount(full);
        int longestPath = windows ? LongestWindowsPath : LongestUnixPath;
        string unit = windows ? "characters" : "bytes";
        if (nameLength + SuffixRoom > LongestUnixName)
            throw TooLong($"{argument} \"{value}\" is too long: its file name has {nameLength} {unit}, and at most {LongestUnixName - SuffixRoom} leave room for the names of rolled files.", argument);
        if (pathLength + SuffixRoom > longestPath)
            throw TooLong($"{argument} \"{value}\" is too long: the full path has {pathLength} {unit}, and at most {longestPath - SuffixRoom} leave room for the names of rolled files.", argument);
    }

    private static ArgumentException TooLong(string message, string argument) => new(message, argument, new PathTooLongException(message));
}
