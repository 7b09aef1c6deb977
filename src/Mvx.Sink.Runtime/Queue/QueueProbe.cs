using System.Diagnostics;

namespace Mvx.Sink.Runtime;

/// <summary>Places where a test can stall a producer, or the consumer, at its worst moment. Not there at all in a release build.</summary>
internal static class QueueProbe
{
    /// <summary>What to run between the claim of a slot and its publication; null: nothing.</summary>
    public static Action? Stall { get; set; }

    /// <summary>What to run when events that are not delivered have left the queue and are not counted yet; null: nothing.</summary>
    public static Action? StallCount { get; set; }

    [Conditional("DEBUG")]
    public static void BetweenClaimAndPublish() => Stall?.Invoke();

    [Conditional("DEBUG")]
    public static void BeforeCount() => StallCount?.Invoke();
}
