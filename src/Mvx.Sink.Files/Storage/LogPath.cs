using System.Text;

namespace Mvx.Sink.Files.Storage;

/// <summary>Whether a path can be that of a log file, as far as this can be said before it is opened.</summary>
internal static class LogPath
{
    /// <summary>What a rolled file and the lock file add to the name: <c>.2026-01-31.000001</c>, with room to spare.</summary>
    public const int SuffixRoom = 24;

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
