namespace Mvx.Sink.Quickstart;

/// <summary>Lines, and one status line below them, from any thread.</summary>
internal static class Terminal
{
    private static readonly Lock _lock = new();
    private static int _statusLength;

    public static bool IsInteractive => !Console.IsOutputRedirected;

    public static void WriteLine(string line)
    {
        lock (_lock)
            Console.WriteLine(line.PadRight(EraseStatus()));
    }

    /// <summary>Replaces the status line; an empty one removes it.</summary>
    public static void ShowStatus(string status)
    {
        lock (_lock)
        {
            int previous = EraseStatus();
            Console.Write(status.PadRight(previous));
            Console.Write('\r');
            _statusLength = status.Length;
        }
    }

    /// <summary>The next thing written is written over the status line; how long that is.</summary>
    private static int EraseStatus()
    {
        int length = _statusLength;
        _statusLength = 0;
        return length;
    }
}
