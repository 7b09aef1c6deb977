namespace Mvx.Sink.Runtime;

/// <summary>Work that a loop looks for by itself while it is hot, instead of being told of each piece.</summary>
internal interface ILoopPump
{
    /// <summary>Does up to <paramref name="quota"/> pieces of work. On the loop; must not throw.</summary>
    PumpResult Pump_OnLoop(int quota);

    /// <summary>
    /// Asks the other side to activate this pump when there is work again. On the loop. False when there already is work, so that the
    /// pump stays hot.
    /// </summary>
    bool TryArm_OnLoop();

    /// <summary>How long, in microseconds, the loop may look away without the pump's queue filling up under the fastest producers.</summary>
    int LongestPause { get; }

    /// <summary>Whether the loop has this pump in its hot list. Owned by the loop.</summary>
    bool IsHot { get; set; }
}
