namespace Mvx.Sink.Runtime;

/// <summary>Whose work counts as reentrant for a <see cref="ReentrancyGuard{TEvent}"/>.</summary>
public enum ReentrancyScope
{
    /// <summary>
    /// That of every guarded sink. Two sinks whose backends log then cannot feed each other either; but neither do they see each other's diagnostics.
    /// </summary>
    AnyGuardedSink = 0,

    /// <summary>That of the guarded sink alone.</summary>
    ThisSink = 1,
}
