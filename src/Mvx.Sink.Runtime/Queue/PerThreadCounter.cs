namespace Mvx.Sink.Runtime;

/// <summary>
/// A counter that many threads raise without an atomic operation: each has a cell of its own, on cache lines of its own, which it alone writes. Reading sums the
/// cells; it never goes back. A thread that ends leaves its number, and with it its cell, to one that begins.
/// </summary>
internal sealed class PerThreadCounter
{
    private readonly Lock _lock = new();

    // By the number of the managed thread. Replaced under the lock, read without it.
    private volatile Cell?[] _cells = [];

    public void Increment()
    {
        Cell?[] cells = _cells;
        int thread = Environment.CurrentManagedThreadId;
        Cell cell = (uint)thread < (uint)cells.Length && cells[thread] is { } mine ? mine : Add(thread);
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

    private Cell Add(int thread)
    {
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
