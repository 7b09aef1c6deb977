namespace Mvx.Sink.Runtime;

/// <summary>A counter that many threads raise without fighting over one cache line. Reading sums the stripes; it never goes back.</summary>
internal sealed class StripedCounter
{
    private static readonly int _stripes = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 16));

    // One cell in 16 longs, so that no two counts share a pair of lines.
    private readonly long[] _cells = new long[(_stripes + 1) * 16];

    public void Increment() => Interlocked.Increment(ref _cells[((Environment.CurrentManagedThreadId & (_stripes - 1)) + 1) * 16 - 1]);

    public long Sum()
    {
        long sum = 0;
        for (int i = 15; i < _cells.Length; i += 16)
            sum += Volatile.Read(ref _cells[i]);
        return sum;
    }
}
