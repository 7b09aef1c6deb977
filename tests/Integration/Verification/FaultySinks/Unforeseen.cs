using System.Net;
using System.Net.Sockets;
using Mvx.Sink.Integration.Verification.Backends;

namespace Mvx.Sink.Integration.Verification.FaultySinks;

// Faults thought up without looking at the rules, to judge the kit by.

/// <summary>Holds each event back until the next one, to merge the two, and has none to wait for in its stop.</summary>
internal sealed class LosesTheLastOnStop(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private string? _held;

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        if (_held is not null)
            await base.DispatchAsync(_held, cancellationToken);
        _held = item;
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        _held = null;
        return ValueTask.CompletedTask;
    }
}

/// <summary>Takes the first event after a restart for the greeting of its backend.</summary>
internal sealed class LosesTheFirstAfterARestart(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private bool _hasStopped;

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        if (!_hasStopped)
            return base.DispatchAsync(item, cancellationToken);
        _hasStopped = false;
        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        _hasStopped = true;
        return ValueTask.CompletedTask;
    }
}

/// <summary>Greets its backend after a restart with the last event again.</summary>
internal sealed class ReplaysAfterARestart(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private string? _last;

    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        await base.OnStartingAsync(cancellationToken);
        if (_last is not null)
            await Backend.WriteAsync(_last, cancellationToken);
    }

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        _last = item;
        return base.DispatchAsync(item, cancellationToken);
    }
}

/// <summary>Forgets its file when it cleans up with a token that has fired.</summary>
internal sealed class LeaksWhenItsLoopIsTornDown(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private FileStream? _file;

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        _file = File.OpenRead(typeof(LeaksWhenItsLoopIsTornDown).Assembly.Location);
        Debris.Keep(_file);
        return base.OnStartingAsync(cancellationToken);
    }

    protected override async ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        await Backend.OpenAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested(); // the fault: nobody comes here again
        Debris.Release(_file);
        _file?.Dispose();
    }
}

/// <summary>Flushes what it has written a second time.</summary>
internal sealed class RepeatsAfterAFlush(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private volatile string? _last;

    public new async ValueTask<FlushReport> FlushAsync(CancellationToken cancellationToken = default)
    {
        FlushReport report = await base.FlushAsync(cancellationToken);
        if (_last is { } last)
            await Backend.WriteAsync(last, cancellationToken);
        return report;
    }

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        await base.DispatchAsync(item, cancellationToken);
        _last = item;
    }
}

/// <summary>Treats its cancellation as the end of the write.</summary>
internal sealed class SwallowsItsCancellation(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        try
        {
            await base.DispatchAsync(item, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The fault.
        }
    }
}

/// <summary>Writes in a method that nobody can await.</summary>
internal sealed class WritesInAsyncVoid(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        Write(item, cancellationToken);
        return ValueTask.CompletedTask;
    }

    private async void Write(string item, CancellationToken cancellationToken) => await Backend.WriteAsync(item, cancellationToken);
}

/// <summary>Leaves its writes to the pool, one after the other, and to themselves.</summary>
internal sealed class FiresAndForgets(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private Task _last = Task.CompletedTask;

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        _last = _last.ContinueWith(async _ => await Backend.WriteAsync(item), TaskScheduler.Default).Unwrap();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Ends its thread, and does not wait for it.</summary>
internal sealed class DoesNotJoinItsThread(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private System.Collections.Concurrent.BlockingCollection<string> _handover = [];

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        _handover = [];
        System.Collections.Concurrent.BlockingCollection<string> mine = _handover;
        new Thread(() =>
        {
            try
            {
                foreach (string item in mine.GetConsumingEnumerable())
                    Backend.WriteAsync(item).AsTask().Wait();
            }
            catch (AggregateException)
            {
                // Left to itself, an exception of a thread ends the process; that is not this sink's fault.
            }
        })
        { IsBackground = true }.Start();
        return ValueTask.CompletedTask;
    }

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        _handover.Add(item, cancellationToken);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        _handover.CompleteAdding();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Starts its timer, then fails to open, and keeps the timer.</summary>
internal sealed class LeaksATimerWhenItCannotStart(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private Timer? _timer;

    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        _timer = new Timer(static _ => { }, null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        Debris.Keep(_timer);
        await base.OnStartingAsync(cancellationToken);
        Debris.Release(_timer);
    }

    protected override async ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        if (_timer is not null)
            await _timer.DisposeAsync();
    }
}

/// <summary>Starts its thread, then fails to open, and keeps the thread.</summary>
internal sealed class LeaksAThreadWhenItCannotStart(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly ManualResetEventSlim _end = new(initialState: false);

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        _end.Reset();
        new Thread(() => _end.Wait(TimeSpan.FromMinutes(1))) { IsBackground = true }.Start();
        return base.OnStartingAsync(cancellationToken);
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        _end.Set();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Opens its socket, then fails to open the rest, and keeps the socket.</summary>
internal sealed class LeaksASocketWhenItCannotStart(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private Socket? _socket;

    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Debris.Keep(_socket);
        await base.OnStartingAsync(cancellationToken);
        Debris.Release(_socket);
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        _socket?.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Releases its file only where the last write succeeds.</summary>
internal sealed class LeaksWhenItFails(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private FileStream? _file;

    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        await base.OnStartingAsync(cancellationToken);
        _file = File.OpenRead(typeof(LeaksWhenItFails).Assembly.Location);
        Debris.Keep(_file);
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        Backend.Open(); // the fault: a farewell that throws on a broken backend
        Debris.Release(_file);
        _file?.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Waits in Log until there is room.</summary>
internal sealed class WaitsForRoom(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    public new void Log(string item)
    {
        var spin = default(SpinWait);
        while (TryLog(item) == LogOutcome.QueueFull)
            spin.SpinOnce();
    }
}

/// <summary>Waits in Log until it has started.</summary>
internal sealed class WaitsForItsStart(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    public new void Log(string item)
    {
        if (State is SinkState.Virgin or SinkState.Starting)
            Start().Wait();
        base.Log(item);
    }
}

/// <summary>Stops well once.</summary>
internal sealed class ThrowsFromItsSecondStop(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private int _stops;

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken) =>
        ++_stops == 2 ? throw new ObjectDisposedException("the writer") : ValueTask.CompletedTask;
}

/// <summary>Flushes under a lock that its stop has taken for good.</summary>
internal sealed class DeadlocksAFlushDuringAStop(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly SemaphoreSlim _gate = new(1);

    public new async ValueTask<FlushReport> FlushAsync(CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await base.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        if (_gate.CurrentCount == 0)
            _gate.Release();
        return base.OnStartingAsync(cancellationToken);
    }

    protected override async ValueTask OnStoppedAsync(CancellationToken cancellationToken) => await _gate.WaitAsync(cancellationToken);
}

/// <summary>Tries again ever more slowly, for ever.</summary>
internal sealed class BacksOffForEver(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        for (int pause = 1; ; pause *= 2)
        {
            try
            {
                await base.DispatchAsync(item, cancellationToken);
                return;
            }
            catch (IOException)
            {
                await Task.Delay(pause, cancellationToken);
            }
        }
    }
}

/// <summary>Gives an event up after three tries, and goes on as if nothing were.</summary>
internal sealed class GivesUpQuietly(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < 3; attempt++)
        {
            try
            {
                await base.DispatchAsync(item, cancellationToken);
                return;
            }
            catch (IOException)
            {
                await Task.Yield();
            }
        }
    }
}

/// <summary>Shows a running sink whatever has happened.</summary>
internal sealed class HidesItsFailure(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend), ISinkLifecycle
{
    SinkState ISinkLifecycle.State => State == SinkState.Failure ? SinkState.Running : State;
}

/// <summary>Writes sixty-four events of a batch, and forgets that there were more.</summary>
internal sealed class DropsTheRestOfABigBatch(SinkOptions options, MemoryBackend backend) : BackendSink(options with { MaxBatchSize = 500 }, backend)
{
    protected override async ValueTask DispatchBatchAsync(ReadOnlyMemory<string> batch, CancellationToken cancellationToken)
    {
        for (int i = 0; i < Math.Min(batch.Length, 64); i++)
            await Backend.WriteAsync(batch.Span[i], cancellationToken);
    }
}

/// <summary>Writes a big batch from its end.</summary>
internal sealed class ReversesABigBatch(SinkOptions options, MemoryBackend backend) : BackendSink(options with { MaxBatchSize = 200 }, backend)
{
    protected override ValueTask DispatchBatchAsync(ReadOnlyMemory<string> batch, CancellationToken cancellationToken)
    {
        string[] lines = batch.ToArray();
        if (lines.Length > 100)
            Array.Reverse(lines);
        Backend.Write(lines);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Throws what it holds away when it is disposed while running.</summary>
internal sealed class DisposesWithoutAFlush(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend), IAsyncDisposable
{
    private readonly List<string> _batch = [];
    private volatile bool _isDisposed;

    public new ValueTask DisposeAsync()
    {
        _isDisposed = true;
        return base.DisposeAsync();
    }

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        _batch.Add(item);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        if (!_isDisposed)
            Backend.Write([.. _batch]);
        _batch.Clear();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Waits for its backend in the start without looking at its token.</summary>
internal sealed class IgnoresCancellationInItsStart(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken) => Backend.OpenAsync(CancellationToken.None);
}

/// <summary>Waits for its backend in the stop without looking at its token.</summary>
internal sealed class IgnoresCancellationInItsStop(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken) => base.DispatchAsync(item, cancellationToken);

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken) => Backend.OpenAsync(CancellationToken.None);
}

/// <summary>An event with bytes in it.</summary>
internal sealed record SecretEvent(string Name, byte[] Secret);

/// <summary>Blackens secrets where they are, in everybody's event.</summary>
internal sealed class BlackensInPlace(SinkOptions options, MemoryBackend backend) : AsyncSink<SecretEvent>(options)
{
    protected override ValueTask DispatchAsync(SecretEvent item, CancellationToken cancellationToken)
    {
        Array.Clear(item.Secret);
        return backend.WriteAsync(item.Name, cancellationToken);
    }
}

/// <summary>Writes numbers as the thread's culture has them.</summary>
internal sealed class WritesForPeople(SinkOptions options, MemoryBackend backend) : AsyncSink<GoodSinks.Reading>(options)
{
    protected override ValueTask DispatchAsync(GoodSinks.Reading item, CancellationToken cancellationToken) =>
        backend.WriteAsync($"p{item.Sensor}n{item.Number} {item.Value}", cancellationToken);
}
