namespace Mvx.Sink.Runtime;

/// <summary>A queue whose producers can be asked to stamp the events they publish.</summary>
internal interface IStampedQueue : IAdmissionGate
{
    long Limit { get; }

    /// <summary>Asks producers to stamp from now on; null: not to stamp any more. One caller at a time.</summary>
    void SetStamps(EnqueueStamps? stamps);
}
