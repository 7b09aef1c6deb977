using System.Net;
using System.Net.Sockets;
using Mvx.Sink.Integration.Verification.Backends;

namespace Mvx.Sink.Integration.Verification.FaultySinks;

// Faults that a kit without an eye for them does not notice.

/// <summary>Counts in an object that only holds its counters, off its loop.</summary>
internal sealed class CountsInAnObjectOffTheLoop(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly Counts _counts = new();

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        await base.DispatchAsync(item, cancellationToken);
        await Task.Delay(1, cancellationToken).ConfigureAwait(false);
        _counts.Events++;
    }

    private sealed class Counts
    {
        public int Events { get; set; }
    }
}

/// <summary>Counts in an array, off its loop.</summary>
internal sealed class CountsInAnArrayOffTheLoop(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly int[] _perLength = new int[8];

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        await base.DispatchAsync(item, cancellationToken);
        await Task.Delay(1, cancellationToken).ConfigureAwait(false);
        _perLength[item.Length % _perLength.Length]++;
    }
}

/// <summary>Keeps a pair of values, and replaces it off its loop.</summary>
internal sealed class CountsInATupleOffTheLoop(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private (int Count, string? Last) _seen;

    public string? Last => _seen.Last;

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        await base.DispatchAsync(item, cancellationToken);
        await Task.Delay(1, cancellationToken).ConfigureAwait(false);
        _seen = (_seen.Count + 1, item);
    }
}

/// <summary>Lets events go when its queue is nearly full, and tells nobody.</summary>
internal sealed class ShedsWhenNearlyFull(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    public new void Log(string item)
    {
        if (Ledger.Pending < 8_000 || State is not (SinkState.Running or SinkState.Starting))
            base.Log(item);
    }
}

/// <summary>Opens a connection anew when a write fails, and forgets the old one.</summary>
internal sealed class LeaksWhenItReconnects(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private FileStream? _connection;

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        Connect();
        return base.OnStartingAsync(cancellationToken);
    }

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                await base.DispatchAsync(item, cancellationToken);
                return;
            }
            catch (IOException) when (attempt < 3)
            {
                Debris.Keep(_connection!);
                Connect(); // the fault
            }
        }
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        _connection?.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Connect() => _connection = File.OpenRead(typeof(LeaksWhenItReconnects).Assembly.Location);
}

/// <summary>Stops its heartbeat only where its farewell succeeds.</summary>
internal sealed class LeaksATimerWhenItFails(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private Timer? _heartbeat;

    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        await base.OnStartingAsync(cancellationToken);
        _heartbeat = new Timer(static _ => { }, null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        Debris.Keep(_heartbeat);
    }

    protected override async ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        Backend.Open();
        Debris.Release(_heartbeat);
        await _heartbeat!.DisposeAsync();
    }
}

/// <summary>Closes its socket only where its farewell succeeds.</summary>
internal sealed class LeaksASocketWhenItFails(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private Socket? _socket;

    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        await base.OnStartingAsync(cancellationToken);
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Debris.Keep(_socket);
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        Backend.Open();
        Debris.Release(_socket);
        _socket?.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Opens its file in the constructor and closes it in its stop, which a sink that never starts does not have.</summary>
internal sealed class OpensInItsConstructor : BackendSink
{
    private FileStream? _file;

    public OpensInItsConstructor(SinkOptions options, MemoryBackend backend)
        : base(options, backend) => Open();

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        if (_file is null)
            Open();
        return base.OnStartingAsync(cancellationToken);
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        Debris.Release(_file);
        _file?.Dispose();
        _file = null;
        return ValueTask.CompletedTask;
    }

    private void Open()
    {
        _file = File.OpenRead(typeof(OpensInItsConstructor).Assembly.Location);
        Debris.Keep(_file);
    }
}

/// <summary>Beats like a heart, also when it is dead: between two beats there is no timer for a moment.</summary>
internal sealed class BeatsForEver(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        _ = Beat();
        return base.OnStartingAsync(cancellationToken);
    }

    private static async Task Beat()
    {
        CancellationToken end = Debris.Token;
        while (!end.IsCancellationRequested)
            await Task.Delay(50, CancellationToken.None).ConfigureAwait(false);
    }
}

/// <summary>Holds an event back, and does not wait for it when it stops.</summary>
internal sealed class ForgetsItsLastWrite(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
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
        if (_held is { } last)
            _ = Backend.WriteAsync(last, cancellationToken).AsTask(); // the fault
        _held = null;
        return ValueTask.CompletedTask;
    }
}

/// <summary>Throws from every flush.</summary>
internal sealed class ThrowsFromItsFlush(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    public new async ValueTask<FlushReport> FlushAsync(CancellationToken cancellationToken = default)
    {
        await base.FlushAsync(cancellationToken);
        throw new InvalidOperationException("no flush today");
    }
}

/// <summary>Passes its token on to the write, but not to the pause before it tries again.</summary>
internal sealed class IgnoresCancellationBetweenRetries(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        try
        {
            await base.DispatchAsync(item, cancellationToken);
        }
        catch (IOException)
        {
            await Task.Delay(TimeSpan.FromSeconds(30), CancellationToken.None);
            await base.DispatchAsync(item, cancellationToken);
        }
    }
}
