using System.Text;
using Mvx.Sink.Integration.Verification.Backends;

namespace Mvx.Sink.Integration.Verification.FaultySinks;

// Faults that others thought up to try the kit with, and that it missed. Those of failing writes are in Retrying.cs.

/// <summary>Flushes one at a time, and does not let the next one in when its caller gives it up.</summary>
internal sealed class KeepsALockThatAFlushLeaves(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly SemaphoreSlim _one = new(1);

    public new async ValueTask<FlushReport> FlushAsync(CancellationToken cancellationToken = default)
    {
        await _one.WaitAsync(cancellationToken);
        FlushReport report = await base.FlushAsync(cancellationToken);
        _one.Release(); // the fault: not when the flush throws
        return report;
    }
}

/// <summary>Writes back to front what failed sinks left.</summary>
internal sealed class HandsOverBackwards(SinkOptions options, MemoryBackend backend, List<string> spool) : BackendSink(options, backend)
{
    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        await base.OnStartingAsync(cancellationToken);
        while (spool.Count > 0)
        {
            await Backend.WriteAsync(spool[0], cancellationToken);
            spool.RemoveAt(0);
        }
    }

    protected override ValueTask OnUndeliveredAsync(IReadOnlyList<string> items, SinkException cause)
    {
        foreach (string item in items)
            spool.Insert(0, item); // the fault
        return ValueTask.CompletedTask;
    }
}

/// <summary>Does not see that the other side has closed a connection that was long idle: the first write after it goes nowhere.</summary>
internal sealed class LosesOneAfterAnIdleTime(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private static readonly TimeSpan _idle = TimeSpan.FromSeconds(30);
    private readonly TimeProvider _clock = options.TimeProvider;
    private long? _last;

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        bool isClosed = _last is { } last && _clock.GetElapsedTime(last) > _idle;
        _last = _clock.GetTimestamp();
        return isClosed ? ValueTask.CompletedTask : base.DispatchAsync(item, cancellationToken);
    }
}

/// <summary>Has a time limit for its writes, and makes it once for all of them.</summary>
internal sealed class LimitsItsWholeLife(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly TimeProvider _clock = options.TimeProvider;
    private CancellationTokenSource? _limit;

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        _limit = new CancellationTokenSource(TimeSpan.FromMinutes(1), _clock); // the fault: for each write it would be right
        return base.OnStartingAsync(cancellationToken);
    }

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        if (_limit!.IsCancellationRequested)
            throw new TimeoutException("no answer in time");
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _limit.Token);
        await base.DispatchAsync(item, either.Token);
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        _limit?.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Sends again what is not answered soon, although the first may still arrive.</summary>
internal sealed class RepeatsSlowWrites(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(700);

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        Task first = base.DispatchAsync(item, cancellationToken).AsTask();
        if (!first.IsCompleted && await Task.WhenAny(first, Task.Delay(_patience, cancellationToken)) != first)
            await base.DispatchAsync(item, cancellationToken);
        else
            await first;
    }
}

/// <summary>Leaves the last batch to its DisposeAsync, each call of which writes it.</summary>
internal sealed class EachDisposeWritesTheRest(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend), IAsyncDisposable
{
    private readonly List<string> _rest = [];
    private volatile bool _disposing;

    public new async ValueTask DisposeAsync()
    {
        _disposing = true;
        await base.DisposeAsync();
        if (LastError is not null)
            return;
        await WriteRest(CancellationToken.None);
    }

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        _rest.Add(item);
        if (_rest.Count >= 50)
            await WriteRest(cancellationToken);
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken) => _disposing ? ValueTask.CompletedTask : WriteRest(cancellationToken);

    private async ValueTask WriteRest(CancellationToken cancellationToken)
    {
        string[] rest = [.. _rest];
        foreach (string item in rest)
            await Backend.WriteAsync(item, cancellationToken);
        _rest.Clear(); // the fault: not before the write, so that another caller writes the same
    }
}

/// <summary>Begins a file with the mark of its encoding, and takes each start after the first for a file's beginning.</summary>
internal sealed class MarksEachRestart(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private int _starts;
    private bool _first;

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        _first = ++_starts > 1;
        return base.OnStartingAsync(cancellationToken);
    }

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        string text = _first ? Encoding.UTF8.GetString(Encoding.UTF8.Preamble) + item : item;
        _first = false;
        return base.DispatchAsync(text, cancellationToken);
    }
}
