namespace Mvx.Sink.Runtime;

/// <summary>
/// Follows the work of sinks across awaits and threads. The mark lies on a loop's own thread, below everything that runs there, so whatever flow a hook or a
/// dispatch starts inherits it. It is laid once per loop, and only when a guard asks: a dispatch costs the same with it and without.
/// </summary>
internal static class SinkFlow
{
    private static readonly AsyncLocal<LoopHost?> _loop = new();

    /// <summary>The followed loop that the caller's flow was started on, or null.</summary>
    public static LoopHost? Loop
    {
        get => _loop.Value;
        set => _loop.Value = value;
    }
}
