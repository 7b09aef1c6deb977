namespace Mvx.Sink.Runtime;

/// <summary>
/// Where callers wait for room under the Wait policy. The consumer pays one look at a number per finished event while nobody waits.
/// </summary>
internal sealed class RoomSignal
{
    private readonly object _monitor = new();

    // Written by who waits, read by the consumer. It is raised before a waiter looks for room, and read after room was made.
    private int _waiting;

    // Set once by who waits for less than all places: whoever is woken alone may find no place that is his.
    private volatile bool _wakesAll;

    /// <summary>From now on everybody is woken, since not everybody may use each place.</summary>
    public void WakeAllFromNowOn() => _wakesAll = true;

    /// <summary>Blocks until signalled, unless what is waited for is there already, or until the time is up.</summary>
    public void Wait(Func<bool> isThere, TimeSpan time)
    {
        lock (_monitor)
        {
            Interlocked.Increment(ref _waiting);
            try
            {
                if (!isThere())
                    Monitor.Wait(_monitor, time);
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
    }

    /// <summary>There is room for so many more. After a full fence.</summary>
    public void Signal(long count)
    {
        if (Volatile.Read(ref _waiting) != 0)
            Wake(all: count > 1 || _wakesAll);
    }

    /// <summary>There will be no room any more. After a full fence.</summary>
    public void SignalAll()
    {
        if (Volatile.Read(ref _waiting) != 0)
            Wake(all: true);
    }

    private void Wake(bool all)
    {
        lock (_monitor)
        {
            if (all)
                Monitor.PulseAll(_monitor);
            else
                Monitor.Pulse(_monitor);
        }
    }
}
