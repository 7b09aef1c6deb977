namespace Mvx.Sink.Runtime;

/// <summary>What a <see cref="ReentrancyGuard{TEvent}"/> does with an event that a sink's own work gave rise to.</summary>
public enum ReentrancyPolicy
{
    /// <summary>The event is dropped, and counted as dropped in the sink's ledger; whoever watches <c>Dispatches</c> is told why.</summary>
    Drop = 0,

    /// <summary>The event goes to the fallback instead; the guarded sink is not offered it.</summary>
    Fallback = 1,

    /// <summary>
    /// The event is rejected with a <see cref="SinkReentrancyException"/>, which the backend's log call gets. Unless the backend catches it the dispatch fails, and
    /// the sink with it: for finding such loops in development.
    /// </summary>
    Throw = 2,
}
