namespace Mvx.Sink.Runtime;

/// <summary>How far a queue has come, and a way to have its consumer look again. Any thread.</summary>
internal interface IConsumerPosition
{
    /// <summary>How many events have been accepted: the ticket of the next.</summary>
    long Accepted { get; }

    /// <summary>How many events have left the queue.</summary>
    long Taken { get; }

    /// <summary>Has the consumer look again although no event has come.</summary>
    void Nudge();
}
