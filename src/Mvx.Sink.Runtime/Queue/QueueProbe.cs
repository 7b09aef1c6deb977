using System.Diagnostics;

namespace Mvx.Sink.Runtime;

/// <summary>A place where a torture test can stall a producer at its worst moment. Not there at all in a release build.</summary>
internal static class QueueProbe
{
    /// <summary>What to run between the claim of a slot and its publication; null: nothing.</summary>
    public static Action? Stall { get; set; }

    [Conditional("DEBUG")]
    public static void BetweenClaimAndPublish() => Stall?.Invoke();
}
