namespace Mvx.Sink.Runtime;

/// <summary>Drained segments kept for the next burst, so that a steady flow allocates nothing. Lock-free; any thread.</summary>
internal sealed class SegmentPool<T>(int segmentSize, int capacity)
{
    private readonly Slot<T>[]?[] _spare = new Slot<T>[]?[capacity];

    public Slot<T>[] Take()
    {
        for (int i = 0; i < _spare.Length; i++)
        {
            if (Volatile.Read(ref _spare[i]) is not null && Interlocked.Exchange(ref _spare[i], null) is { } segment)
                return segment;
        }

        return new Slot<T>[segmentSize];
    }

    /// <summary>Takes back a segment whose slots are all clear. A full pool lets it go.</summary>
    public void Return(Slot<T>[] segment)
    {
        for (int i = 0; i < _spare.Length; i++)
        {
            if (Volatile.Read(ref _spare[i]) is null && Interlocked.CompareExchange(ref _spare[i], segment, null) is null)
                return;
        }
    }

    /// <summary>Keeps at most <paramref name="keep"/> segments; called when the queue has been empty for a while.</summary>
    public void Trim(int keep)
    {
        for (int i = keep; i < _spare.Length; i++)
            Volatile.Write(ref _spare[i], null);
    }
}
