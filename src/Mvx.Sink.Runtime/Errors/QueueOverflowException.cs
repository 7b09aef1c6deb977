namespace Mvx.Sink.Runtime;

/// <summary>The pending limit is reached and the policy is to raise an error (rule A3). The event was not accepted.</summary>
public sealed class QueueOverflowException : SinkException
{
    /// <summary>Creates the error.</summary>
    /// <param name="limit">The pending limit, in events.</param>
    public QueueOverflowException(int limit)
        : base(
            SinkErrorReason.QueueOverflow,
            $"{limit} accepted events are pending, which is the limit. Raise SinkOptions.QueueMaxSize, choose QueueOverflowPolicy.Drop, DropOldest or Wait, or use TryLog and handle the refusal.",
            new Dictionary<string, object?> { ["limit"] = limit })
    {
        Limit = limit;
    }

    /// <summary>The pending limit, in events.</summary>
    public int Limit { get; }
}
