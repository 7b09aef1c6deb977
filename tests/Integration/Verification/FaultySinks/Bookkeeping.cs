using Mvx.Sink.Integration.Verification.Backends;

namespace Mvx.Sink.Integration.Verification.FaultySinks;

/// <summary>Keeps the overflow to itself, and the event too.</summary>
internal sealed class SwallowsTheOverflow(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    public new void Log(string item)
    {
        try
        {
            base.Log(item);
        }
        catch (QueueOverflowException)
        {
            // The fault.
        }
    }
}

/// <summary>Thinks it knows better how many events may wait.</summary>
internal sealed class RoundsItsLimitUp(SinkOptions options, MemoryBackend backend)
    : BackendSink(options with { QueueMaxSize = Math.Max(2, options.QueueMaxSize ?? SinkOptions.DefaultQueueMaxSize) }, backend);

/// <summary>Shows books of its own, in which an event is delivered as soon as its dispatch begins.</summary>
internal sealed class KeepsItsOwnBooks(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend), ISinkLifecycle
{
    private long _delivered;

    SinkLedger ISinkLifecycle.Ledger
    {
        get
        {
            SinkLedger books = Ledger;
            return new SinkLedger(books.Accepted, books.Dropped, books.Rejected, Interlocked.Read(ref _delivered), books.Failed, books.Undelivered);
        }
    }

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        Interlocked.Add(ref _delivered, 2); // the fault: the retry counts as another
        return base.DispatchAsync(item, cancellationToken);
    }
}

/// <summary>Refuses while it is stopped, but says nothing any more once its thread is gone.</summary>
internal sealed class SilentWhenClosed(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private Thread? _thread;

    public new void Log(string item)
    {
        try
        {
            base.Log(item);
        }
        catch (InvalidSinkStateException) when (Volatile.Read(ref _thread) is { IsAlive: false })
        {
            // The fault.
        }
    }

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _thread, Thread.CurrentThread);
        return base.OnStartingAsync(cancellationToken);
    }
}

/// <summary>Calls its batch delivered before it writes it.</summary>
internal sealed class ReportsBeforeItWrites(SinkOptions options, MemoryBackend backend) : BackendSink(options with { MaxBatchSize = 100 }, backend)
{
    protected override async ValueTask DispatchBatchAsync(ReadOnlyMemory<string> batch, CancellationToken cancellationToken)
    {
        ReportDelivered(batch.Length);
        for (int i = 0; i < batch.Length; i++)
            await Backend.WriteAsync(batch.Span[i], cancellationToken);
    }
}

/// <summary>Remembers what it has refused, and delivers it after the next start.</summary>
internal sealed class RemembersWhatItRefused(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly List<string> _refused = [];

    public new void Log(string item)
    {
        try
        {
            base.Log(item);
        }
        catch (InvalidSinkStateException)
        {
            lock (_refused)
                _refused.Add(item);
            throw;
        }
    }

    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        await base.OnStartingAsync(cancellationToken);
        string[] refused;
        lock (_refused)
        {
            refused = [.. _refused];
            _refused.Clear();
        }

        foreach (string item in refused)
            await Backend.WriteAsync(item, cancellationToken);
    }
}

/// <summary>Says "accepted" where it means "not now".</summary>
internal sealed class LiesInTryLog(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private int _count;

    public new LogOutcome TryLog(string item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (State is SinkState.Running && Interlocked.Increment(ref _count) % 4 == 0)
            return LogOutcome.Accepted;
        return base.TryLog(item);
    }
}
