using System.Runtime.CompilerServices;

namespace Mvx.Sink.Runtime;

/// <summary>The gate word and the count of finished events: all that admission and the ledger need to know, whatever the events are.</summary>
internal abstract class AdmissionGate
{
    // Written by producers, rarely: a figure of _completed that is old but safe.
    private protected long _completedSeen;

    // Written by producers, and by steps of the lifecycle.
    private protected PaddedLong _gate;

    // Written by the consumer: how many accepted events are finished.
    private protected PaddedLong _completed;

    protected AdmissionGate(long limit, QueueOverflowPolicy policy, Gate initial)
    {
        Limit = limit;
        Policy = policy;
        _gate.Value = initial.Word;
    }

    public long Limit { get; }

    public QueueOverflowPolicy Policy { get; }

    public Gate Gate => new(Volatile.Read(ref _gate.Value));

    public long Completed => Volatile.Read(ref _completed.Value);

    /// <summary>Swaps the gate. False when it is no longer <paramref name="expected"/>.</summary>
    public bool TrySwap(Gate expected, Gate next) =>
        Interlocked.CompareExchange(ref _gate.Value, next.Word, expected.Word) == expected.Word;

    /// <summary>Counts taken events as finished. Consumer only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(long count = 1) => Volatile.Write(ref _completed.Value, _completed.Value + count);

    /// <summary>
    /// Whether more events are finished than the caller knew when the model told it that the limit is reached. If so it must ask again.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private protected bool HasCompletedMore(long known)
    {
        long completed = Volatile.Read(ref _completed.Value);
        if (completed == known)
            return false;
        Interlocked.CompareExchange(ref _completedSeen, completed, known);
        return true;
    }
}
