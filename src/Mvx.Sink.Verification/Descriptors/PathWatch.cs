using System.Reflection;

namespace Mvx.Sink.Verification;

/// <summary>What is on the disk around the paths that a configuration names.</summary>
internal static class PathWatch
{
    private const int MostEntries = 2_000;

    public static string Around(object config)
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (PropertyInfo property in config.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (property.GetIndexParameters().Length > 0)
                continue;
            string? path = property.GetValue(config) switch
            {
                string text => text,
                FileSystemInfo info => info.FullName,
                _ => null,
            };
            if (!string.IsNullOrWhiteSpace(path) && (path.Contains('/', StringComparison.Ordinal) || path.Contains('\\', StringComparison.Ordinal) || Path.HasExtension(path)))
                Describe(lines, path);
        }

        return string.Join(", ", lines);
    }

    private static void Describe(SortedSet<string> lines, string path)
    {
        try
        {
            string full = Path.GetFullPath(path);
            lines.Add($"{full}: {(File.Exists(full) ? $"{new FileInfo(full).Length} bytes" : Directory.Exists(full) ? "a directory" : "absent")}");
            if (Path.GetDirectoryName(full) is not { } parent)
                return;
            lines.Add($"{parent}: {(Directory.Exists(parent) ? "there" : "absent")}");
            // Only neighbours with the same name at the beginning: others may be anybody's.
            string stem = Path.GetFileNameWithoutExtension(full);
            if (stem.Length > 0 && Directory.Exists(parent))
            {
                foreach (string entry in Directory.EnumerateFileSystemEntries(parent).Take(MostEntries))
                {
                    if (Path.GetFileName(entry).Contains(stem, StringComparison.Ordinal))
                        lines.Add(entry);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // Not a path, or not ours to see.
        }
    }
}
