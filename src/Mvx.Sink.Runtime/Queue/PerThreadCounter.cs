using System.Runtime.CompilerServices;

namespace Mvx.Sink.Runtime;

/// <summary>
/// A counter that many threads raise without an atomic operation: each has a cell of its own, on cache lines of its own, which it alone writes. Reading sums the
/// cells; it never goes back. A thread that ends leaves its number, and with it its cell, to one that begins.
/// </summary>
internal sealed class PerThreadCounter
{
    // The number of the managed thread, where it costs a third of asking for it; 0 until the thread first counts something.
    [ThreadStatic]
    private static int _thread;

    private readonly Lock _lock = new();

    // By the number of the managed thread. Replaced under the lock, read without it.
    private volatile Cell?[] _cells = [];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Increment()
    {
        // No thread has the number 0, so a thread that is new here finds no cell either. The number comes first: asking for it is a call, across which nothing is kept then.
        int thread = _thread;
        Cell?[] cells = _cells;
        Cell cell = (uint)thread < (uint)cells.Length && cells[thread] is { } mine ? mine : Add();
        Volatile.Write(ref cell.Count.Value, cell.Count.Value + 1);
    }

    public long Sum()
    {
        long sum = 0;
        foreach (Cell? cell in _cells)
        {
            if (cell is not null)
                sum += Volatile.Read(ref cell.Count.Value);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Cell Add()
    {
        int thread = _thread = Environment.CurrentManagedThreadId;
        lock (_lock)
        {
            Cell?[] cells = _cells;
            if (thread >= cells.Length)
                Array.Resize(ref cells, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)thread + 1));
            Cell cell = cells[thread] ??= new Cell();
            _cells = cells;
            return cell;
        }
    }

    private sealed class Cell
    {
        public PaddedLong Count;
    }
}
