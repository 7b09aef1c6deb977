using System.Diagnostics;

namespace Mvx.Sink.Benchmarks.Peers;

/// <summary>One asynchronous logging path, open and ready: events go in at <see cref="Produce"/> and arrive at <see cref="Backend"/>.</summary>
internal abstract class Peer : IDisposable
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(60);

    public Backend Backend { get; } = new();

    /// <summary>How many events the library says it dropped.</summary>
    public virtual long Dropped => 0;

    /// <summary>Logs an event that many times, in a loop around the library's own call. Any number of threads.</summary>
    public abstract void Produce(int count);

    /// <summary>Logs one event.</summary>
    public abstract void LogOne();

    /// <summary>Asks the library to deliver what it holds now; for those that would otherwise wait for a timer.</summary>
    public virtual void Flush()
    {
    }

    /// <summary>Waits until everything logged is delivered, or, by the library's own count, dropped. Throws when that does not come true.</summary>
    public void Settle(long logged)
    {
        Flush();
        Flushed(logged);
        long start = Stopwatch.GetTimestamp();
        while (Backend.Received + Dropped != logged)
        {
            if (Stopwatch.GetElapsedTime(start) > _bound)
                throw new InvalidOperationException($"{GetType().Name}: {logged} logged, but {Backend.Received} delivered and {Dropped} dropped.");
            Thread.Sleep(1);
        }
    }

    public void Dispose()
    {
        Backend.Release();
        Close();
        Backend.Dispose();
    }

    /// <summary>Called by <see cref="Settle"/> after the flush, for a library that does not say how many events it dropped.</summary>
    protected virtual void Flushed(long logged)
    {
    }

    protected abstract void Close();
}
