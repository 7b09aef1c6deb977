namespace Mvx.Sink.Verification;

/// <summary>What a program does to a sink.</summary>
public enum SinkCommandKind
{
    /// <summary>Logs a number of events.</summary>
    Log = 0,

    /// <summary>Asks for a start and waits for it.</summary>
    Start = 1,

    /// <summary>Asks for a start and goes on.</summary>
    BeginStart = 2,

    /// <summary>Asks for a stop and waits for it.</summary>
    Stop = 3,

    /// <summary>Asks for a stop and goes on.</summary>
    BeginStop = 4,

    /// <summary>Stops and starts, waiting for both.</summary>
    Restart = 5,

    /// <summary>Flushes and waits for it.</summary>
    Flush = 6,

    /// <summary>Breaks the backend.</summary>
    Break = 7,

    /// <summary>Heals the backend.</summary>
    Heal = 8,

    /// <summary>Reads state and ledger.</summary>
    Look = 9,

    /// <summary>Closes the sink for good.</summary>
    Terminate = 10,

    /// <summary>Lets the manual loop take a number of turns; nothing on a real loop.</summary>
    Step = 11,

    /// <summary>Moves the virtual clock by a number of milliseconds; nothing on a real loop.</summary>
    Advance = 12,
}
