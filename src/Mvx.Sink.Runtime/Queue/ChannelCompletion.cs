using System.Threading.Channels;

namespace Mvx.Sink.Runtime;

/// <summary>What the two ends of a channel on its own share: who waits on either side, and how it completes.</summary>
/// <remarks>Completing is the model's stop: the gate refuses from then on, what was accepted can still be read.</remarks>
internal sealed class ChannelCompletion<T>
{
    private readonly AdmissionChannel<T> _channel;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();

    // Under the lock.
    private readonly List<TaskCompletionSource<bool>> _writers = [];
    private TaskCompletionSource<bool>? _reader;
    private Exception? _error;

    // Written under the lock, read without it: whether _writers holds any.
    private volatile bool _writersWait;

    public ChannelCompletion(AdmissionChannel<T> channel)
    {
        _channel = channel;
        Reader = new AdmissionChannelReader<T>(channel, this);
        Writer = new AdmissionChannelWriter<T>(channel, this);
    }

    public ChannelReader<T> Reader { get; }

    public ChannelWriter<T> Writer { get; }

    public Task Completion => _completion.Task;

    private bool IsClosed => !_channel.Gate.Accepts;

    private bool HasRoom => _channel.Gate.Accepted - _channel.Completed < _channel.Limit;

    public bool TryComplete(Exception? error)
    {
        TaskCompletionSource<bool>[] writers;
        lock (_lock)
        {
            if (!TryCloseGate())
                return false;
            _error = error;
            writers = TakeWriters();
        }

        foreach (TaskCompletionSource<bool> writer in writers)
            Settle(writer, error);
        // The reader looks again: it may be waiting for an event that will not come.
        WakeReader();
        if (_channel.Gate.Accepted == _channel.Completed)
            CompleteReader();
        return true;
    }

    /// <summary>The reader has finished an event: there is room, or that was the last one.</summary>
    public void OnRead()
    {
        // The count of finished events is written before this looks for who waits for room; who waits says so before it looks at the count.
        Interlocked.MemoryBarrier();
        if (_writersWait && HasRoom)
            WakeWriters();
        if (IsClosed && _channel.Gate.Accepted == _channel.Completed)
            CompleteReader();
    }

    public ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<bool>(cancellationToken);
        TaskCompletionSource<bool> waiter;
        lock (_lock)
        {
            if (IsClosed)
                return _error is null ? ValueTask.FromResult(false) : ValueTask.FromException<bool>(_error);
            if (HasRoom)
                return ValueTask.FromResult(true);
            waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _writers.Add(waiter);
            _writersWait = true;
        }

        Interlocked.MemoryBarrier();
        if (HasRoom)
            WakeWriters();
        return Cancellable(waiter, cancellationToken);
    }

    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<bool>(cancellationToken);
        TaskCompletionSource<bool> waiter;
        lock (_lock)
        {
            if (_channel.TryPeek(out _))
                return ValueTask.FromResult(true);
            if (IsClosed && _channel.Gate.Accepted == _channel.Taken)
                return _error is null ? ValueTask.FromResult(false) : ValueTask.FromException<bool>(_error);
            waiter = _reader ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            _channel.Activate ??= WakeReader;
        }

        // Not armed: an event was claimed meanwhile, and is published in a moment. It does not wake anybody, so wait for it here.
        if (!_channel.TryArm())
            WakeReader();
        return Cancellable(waiter, cancellationToken);
    }

    private bool TryCloseGate()
    {
        while (true)
        {
            Gate seen = _channel.Gate;
            LifecycleStep stop = Lifecycle.Step(seen.Lifecycle, LifecycleInput.Stop);
            if (stop.Verdict != LifecycleVerdict.Begun)
                return false;
            if (_channel.TrySwap(seen, seen.With(stop.Next)))
                return true;
        }
    }

    private void WakeReader()
    {
        TaskCompletionSource<bool>? reader;
        lock (_lock)
        {
            reader = _reader;
            _reader = null;
        }

        if (reader is null)
            return;
        var spin = new SpinWait();
        while (_channel.Gate.Accepted > _channel.Taken && !_channel.TryPeek(out _))
            spin.SpinOnce();
        if (_channel.TryPeek(out _))
            reader.TrySetResult(true);
        else
            Settle(reader, _error);
    }

    private void WakeWriters()
    {
        TaskCompletionSource<bool>[] writers;
        lock (_lock)
            writers = TakeWriters();
        foreach (TaskCompletionSource<bool> writer in writers)
            writer.TrySetResult(true);
    }

    private TaskCompletionSource<bool>[] TakeWriters()
    {
        TaskCompletionSource<bool>[] writers = [.. _writers];
        _writers.Clear();
        _writersWait = false;
        return writers;
    }

    private void CompleteReader()
    {
        if (_error is null)
            _completion.TrySetResult();
        else if (_error is OperationCanceledException cancelled)
            _completion.TrySetCanceled(cancelled.CancellationToken);
        else
            _completion.TrySetException(_error);
    }

    private static void Settle(TaskCompletionSource<bool> waiter, Exception? error)
    {
        if (error is null)
            waiter.TrySetResult(false);
        else
            waiter.TrySetException(error);
    }

    private static ValueTask<bool> Cancellable(TaskCompletionSource<bool> waiter, CancellationToken cancellationToken) =>
        new(cancellationToken.CanBeCanceled ? waiter.Task.WaitAsync(cancellationToken) : waiter.Task);
}
