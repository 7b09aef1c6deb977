using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Mvx.Sink.Benchmarks.Peers;

/// <summary>What every peer delivers to: it counts. It can also be held, so that queues fill up, and stamp the time of each delivery.</summary>
/// <remarks>Only the peer's one consumer calls <see cref="Receive"/>, so the count needs no interlocked operation.</remarks>
internal sealed class Backend : IDisposable
{
    private readonly ManualResetEventSlim _reached = new(initialState: true, spinCount: 0);
    private readonly ManualResetEventSlim _released = new(initialState: true, spinCount: 0);
    private volatile bool _unusual;
    private long[]? _stamps;
    private long _stampBase;
    private long _target = long.MaxValue;

    // Written with each event by the consumer, so it stays away from what a producer reads, whatever lies beside this object.
    private PaddedLong _received;

    public long Received => Volatile.Read(ref _received.Value);

    /// <summary>When the expected event arrived, in ticks of <see cref="Stopwatch"/>.</summary>
    public long ReachedAt { get; private set; }

    /// <summary>Counts one event. Called by the peer's consumer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Receive()
    {
        long received = _received.Value + 1;
        if (_unusual)
            Unusual(received);
        Volatile.Write(ref _received.Value, received);
        if (received == Volatile.Read(ref _target))
            Reached();
    }

    /// <summary>Announces how many more events will come; <see cref="Await"/> then waits for the last.</summary>
    public void Expect(long more)
    {
        _reached.Reset();
        Volatile.Write(ref _target, Received + more);
    }

    /// <summary>Waits for the expected events. False when they did not come in time.</summary>
    public bool Await(TimeSpan bound) => _reached.Wait(bound);

    /// <summary>Blocks the consumer at its next event until <see cref="Release"/>.</summary>
    public void Hold()
    {
        _released.Reset();
        _unusual = true;
    }

    public void Release()
    {
        _unusual = _stamps is not null;
        _released.Set();
    }

    /// <summary>Stamps the deliveries from now on into an array, in order.</summary>
    public void Stamp(long[]? stamps)
    {
        _stampBase = Received + 1;
        _stamps = stamps;
        _unusual = stamps is not null;
    }

    public void Dispose()
    {
        Release();
        _reached.Dispose();
        _released.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Unusual(long received)
    {
        _released.Wait();
        if (_stamps is { } stamps && received - _stampBase < stamps.Length)
            stamps[received - _stampBase] = Stopwatch.GetTimestamp();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Reached()
    {
        ReachedAt = Stopwatch.GetTimestamp();
        _reached.Set();
    }
}
