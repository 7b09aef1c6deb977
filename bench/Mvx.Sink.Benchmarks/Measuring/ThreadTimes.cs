namespace Mvx.Sink.Benchmarks.Measuring;

/// <summary>Processor time by thread, in nanoseconds, as the Linux scheduler counts it.</summary>
internal static class ThreadTimes
{
    private const string Tasks = "/proc/self/task";

    /// <summary>The kernel keeps this many characters of a thread's name.</summary>
    private const int NameLength = 15;

    public static bool AreAvailable => File.Exists("/proc/self/schedstat");

    /// <summary>Of the threads of that name.</summary>
    public static long Of(string name)
    {
        string kept = name.Length > NameLength ? name[..NameLength] : name;
        string[] named = [.. Threads().Where(path => string.Equals(Read($"{path}/comm").Trim(), kept, StringComparison.Ordinal))];
        // No thread has no processor time either, and would look like a perfect one.
        return named.Length > 0 ? named.Sum(Nanoseconds) : throw new InvalidOperationException($"there is no thread named \"{kept}\"");
    }

    private static string[] Threads() => Directory.GetDirectories(Tasks);

    private static long Nanoseconds(string path) =>
        Read($"{path}/schedstat").Split(' ') is [var first, ..] && long.TryParse(first, out long time) ? time : 0;

    /// <summary>The text, or nothing when the thread has just ended.</summary>
    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
