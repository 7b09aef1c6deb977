namespace Mvx.Sink.Runtime;

/// <summary>A sink as those who own its loop see it.</summary>
internal interface ILoopBound : ISinkLifecycle
{
    LoopHost Loop { get; }

    string Name { get; }

    /// <summary>Whether the sink is closed for good, or closes as soon as it is at rest. Any thread.</summary>
    bool IsClosed { get; }

    /// <summary>How long a stop may take unless the caller says otherwise.</summary>
    TimeSpan StopBudget { get; }

    SinkWaitHandle Stop(TimeSpan budget);

    /// <summary>The handle of the start in progress; null when there is none. Any thread.</summary>
    SinkWaitHandle? StartInProgress();

    /// <summary>Ends a stop that does not end, without waiting for timers or for the loop. Any thread but the loop's.</summary>
    void ForceStop(TimeSpan budget);

    /// <summary>Completes when no hook and no dispatcher runs. Any thread.</summary>
    Task WhenAtRest();

    /// <summary>
    /// For how long the dispatch in progress has finished no event, by the sink's clock; null where there is none, or it began before the first look, from which on the
    /// dispatches are timed. Any thread.
    /// </summary>
    TimeSpan? DispatchAge();

    /// <summary>Closes the sink for good if it is at rest. On the loop.</summary>
    bool TryClose();
}
