using System.Collections.Concurrent;
using Mvx.Sink.Integration.Verification.Backends;

namespace Mvx.Sink.Integration.Verification.GoodSinks;

/// <summary>Takes its time, and looks at its token.</summary>
internal sealed class SlowSink(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        await Task.Delay(4, cancellationToken);
        await base.DispatchAsync(item, cancellationToken);
    }
}

/// <summary>Takes its time as a remote database does.</summary>
internal sealed class VerySlowSink(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        await Task.Delay(120, cancellationToken);
        await base.DispatchAsync(item, cancellationToken);
    }
}

/// <summary>Has chosen to wait where the queue is full.</summary>
internal sealed class WaitingSink(SinkOptions options, MemoryBackend backend)
    : BackendSink(options with { OverflowPolicy = QueueOverflowPolicy.Wait, WaitTimeout = TimeSpan.FromSeconds(5) }, backend);

/// <summary>Awaits several times, in hooks too, and keeps plain state on its loop.</summary>
internal sealed class MostlyAsynchronousSink(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly Dictionary<string, int> _sizes = [];
    private int _count;

    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        await base.OnStartingAsync(cancellationToken);
        _sizes.Clear();
    }

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        await Task.Yield();
        await Task.Run(static () => { }, cancellationToken);
        await base.DispatchAsync(item, cancellationToken);
        _sizes[item] = _count++;
    }

    protected override async ValueTask OnStoppedAsync(CancellationToken cancellationToken) => await Task.Yield();
}

/// <summary>Gathers events and writes them a hundred at a time, or when a timer says so, or when it is stopped.</summary>
internal sealed class OwnBatchingSink(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly Lock _lock = new();
    private readonly List<string> _batch = [];
    private Timer? _timer;
    private Exception? _failure;

    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        // The timer comes last: the kit once caught this sink leaving it behind when the backend could not be opened.
        await base.OnStartingAsync(cancellationToken);
        _failure = null;
        _timer = new Timer(_ => WriteBatch(), null, 20, 20);
    }

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _batch.Add(item);
            if (_batch.Count < 100 && _failure is null)
                return ValueTask.CompletedTask;
        }

        WriteBatch();
        ThrowIfFailed();
        return ValueTask.CompletedTask;
    }

    protected override async ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        if (_timer is not null)
            await _timer.DisposeAsync();
        _timer = null;
        WriteBatch();
        ThrowIfFailed();
    }

    private void WriteBatch()
    {
        lock (_lock)
        {
            if (_batch.Count == 0 || _failure is not null)
                return;
            try
            {
                Backend.Write([.. _batch]);
                _batch.Clear();
            }
            catch (IOException error)
            {
                _failure = error;
            }
        }
    }

    private void ThrowIfFailed()
    {
        lock (_lock)
        {
            if (_failure is not null)
                throw new IOException("the batch could not be written", _failure);
        }
    }
}

/// <summary>Hands events to a thread of its own, and waits for it in its stop.</summary>
internal sealed class OwnThreadSink(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private BlockingCollection<string> _handover = [];
    private Thread? _thread;
    private Exception? _failure;
    private long _written;

    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        await base.OnStartingAsync(cancellationToken);
        _handover = [];
        _failure = null;
        _thread = new Thread(Work) { IsBackground = true };
        _thread.Start();
    }

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        if (_failure is not null)
            throw new IOException("the writer has failed", _failure);
        _handover.Add(item, cancellationToken);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        _handover.CompleteAdding();
        _thread?.Join();
        _handover.Dispose();
        return _failure is null ? ValueTask.CompletedTask : throw new IOException("the writer has failed", _failure);
    }

    private void Work()
    {
        try
        {
            foreach (string item in _handover.GetConsumingEnumerable())
            {
                Backend.Write(item);
                _written++;
            }
        }
        catch (IOException error)
        {
            _failure = error;
        }
    }
}

/// <summary>Saves what it could not deliver somewhere else.</summary>
internal sealed class SavesTheUndelivered(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    public ConcurrentQueue<string> Saved { get; } = new();

    protected override async ValueTask OnUndeliveredAsync(IReadOnlyList<string> items, SinkException cause)
    {
        await Task.Yield();
        foreach (string item in items)
            Saved.Enqueue(item);
    }
}

/// <summary>Tries three times, waiting longer each time.</summary>
internal sealed class RetryingSink(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await base.DispatchAsync(item, cancellationToken);
                return;
            }
            catch (IOException) when (attempt < 3)
            {
                await Task.Delay(2 * attempt, cancellationToken);
            }
        }
    }
}

/// <summary>Gathers events in Log, three at a time, before its queue; the rest goes to the backend in its stop.</summary>
internal sealed class BuffersInLog(SinkOptions options, MemoryBackend backend) : AsyncSink<IReadOnlyList<string>>(options), ISink<string>
{
    private readonly Lock _lock = new();
    private List<string> _buffer = [];

    public void Log(string item)
    {
        ArgumentNullException.ThrowIfNull(item);
        lock (_lock)
        {
            if (State is not (SinkState.Virgin or SinkState.Starting or SinkState.Running))
                throw new InvalidSinkStateException(State, ExpectedStates.ForLog, LastError);
            _buffer.Add(item);
            if (_buffer.Count < 3)
                return;
            try
            {
                Log(_buffer);
                _buffer = [];
            }
            catch (SinkException)
            {
                // It was stopped since the look. The kit once caught this sink writing, in its stop, the event that its caller was told is refused.
                _buffer.RemoveAt(_buffer.Count - 1);
                throw;
            }
        }
    }

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        backend.Open();
        return ValueTask.CompletedTask;
    }

    protected override ValueTask DispatchAsync(IReadOnlyList<string> item, CancellationToken cancellationToken)
    {
        backend.Write([.. item]);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            List<string> rest = _buffer;
            _buffer = [];
            backend.Write([.. rest]);
        }

        return ValueTask.CompletedTask;
    }
}

/// <summary>Beats a hundred times a second on its loop, by the clock it is given: in minutes of virtual time many thousand times at once.</summary>
internal sealed class BeatingSink(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private static readonly TimeSpan _beat = TimeSpan.FromMilliseconds(10);
    private readonly TimeProvider _clock = options.TimeProvider;
    private ITimer? _heart;
    private int _beats;

    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        await base.OnStartingAsync(cancellationToken);
        SynchronizationContext loop = SynchronizationContext.Current!;
        _heart = _clock.CreateTimer(_ => loop.Post(_ => _beats++, null), null, _beat, _beat);
    }

    protected override async ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        if (_heart is not null)
            await _heart.DisposeAsync();
        _heart = null;
    }
}
