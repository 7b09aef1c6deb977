namespace Mvx.Sink.Model

/// <summary>What became of one offered event, as <c>TryLog</c> tells its caller.</summary>
type LogOutcome =
    /// <summary>Accepted: it will be dispatched, or handed over as undelivered.</summary>
    | Accepted = 0
    /// <summary>The pending limit is reached and the policy is to drop.</summary>
    | Dropped = 1
    /// <summary>The pending limit is reached and the policy is to raise an error.</summary>
    | QueueFull = 2
    /// <summary>The sink's state does not accept events.</summary>
    | InvalidState = 3
