using System.Collections.Concurrent;
using Mvx.Sink.Integration.Verification.Backends;

namespace Mvx.Sink.Integration.Verification.FaultySinks;

/// <summary>Looks first and logs then; what is refused in between was open a moment ago, so it says nothing.</summary>
internal sealed class ForgetsWhileItIsBeingStopped(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    public new void Log(string item)
    {
        ArgumentNullException.ThrowIfNull(item);
        bool isOpen = State == SinkState.Running;
        Thread.Yield(); // the time that making a line of it takes
        try
        {
            base.Log(item);
        }
        catch (InvalidSinkStateException) when (isOpen)
        {
            // The fault.
        }
    }
}

/// <summary>Looks first and logs then, and takes what is refused while it is being disposed for nobody's business.</summary>
internal sealed class ForgetsWhileItIsBeingDisposed(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend), IAsyncDisposable
{
    private volatile bool _isDisposed;

    public new void Log(string item)
    {
        ArgumentNullException.ThrowIfNull(item);
        bool isOpen = State == SinkState.Running;
        Thread.Yield(); // the time that making a line of it takes
        try
        {
            base.Log(item);
        }
        catch (InvalidSinkStateException) when (isOpen && _isDisposed)
        {
            // The fault.
        }
    }

    public new ValueTask DisposeAsync()
    {
        _isDisposed = true;
        return base.DisposeAsync();
    }
}

/// <summary>Puts what comes during its start aside, and looks there once, a moment before it runs.</summary>
internal sealed class LosesWhatComesDuringTheStart(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly ConcurrentQueue<string> _early = new();

    public new void Log(string item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (State == SinkState.Starting)
            _early.Enqueue(item);
        else
            base.Log(item);
    }

    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        await base.OnStartingAsync(cancellationToken);
        await Task.Yield();
        while (_early.TryDequeue(out string? item))
            base.Log(item);
        await Task.Yield();
    }
}

/// <summary>Gathers events in Log in a list that all producers share without a lock.</summary>
internal sealed class GathersWithoutALock(SinkOptions options, MemoryBackend backend) : AsyncSink<string[]>(options), ISink<string>
{
    private readonly List<string> _batch = [];

    public void Log(string item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (State is SinkState.Stopping or SinkState.Stopped or SinkState.Failure or SinkState.Cancelled)
            throw new InvalidSinkStateException(State, ExpectedStates.ForLog, LastError);
        _batch.Add(item);
        if (_batch.Count >= 16)
            Send();
    }

    protected override ValueTask DispatchAsync(string[] item, CancellationToken cancellationToken)
    {
        backend.Write(item);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        backend.Write([.. _batch.Where(static item => item is not null)]);
        _batch.Clear();
        return ValueTask.CompletedTask;
    }

    private void Send()
    {
        string[] full = [.. _batch.Where(static item => item is not null)];
        _batch.Clear();
        Log(full);
    }
}
