namespace Mvx.Sink.Runtime;

/// <summary>
/// Follows the work of sinks across awaits and threads: what a dispatch or a hook starts inherits its mark. What lives on after it (a timer, a connection, a thread
/// that somebody needed for the first time) keeps the mark, which then says nothing any more. Sinks without a guard mark nothing.
/// </summary>
internal static class SinkFlow
{
    private static readonly AsyncLocal<SinkWork?> _work = new();

    /// <summary>The work that the caller's flow is part of, or null.</summary>
    public static SinkWork? Work
    {
        get => _work.Value is { IsOver: false } work ? work : null;
        set => _work.Value = value;
    }
}
