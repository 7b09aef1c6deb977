namespace Mvx.Sink.Runtime;

/// <summary>A sink as those who own its loop see it.</summary>
internal interface ILoopBound : ISinkLifecycle
{
    LoopHost Loop { get; }

    string Name { get; }

    /// <summary>Completes when no hook and no dispatcher runs. Any thread.</summary>
    Task WhenAtRest();

    /// <summary>Closes the sink for good if it is at rest. On the loop.</summary>
    bool TryClose();
}
