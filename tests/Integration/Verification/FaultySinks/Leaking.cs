using System.Net;
using System.Net.Sockets;
using Mvx.Sink.Integration.Verification.Backends;

namespace Mvx.Sink.Integration.Verification.FaultySinks;

/// <summary>Starts a thread per start and ends none.</summary>
internal sealed class LeaksAThread(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        new Thread(static () => Debris.Token.WaitHandle.WaitOne()) { IsBackground = true, Name = "leaked by a faulty sink" }.Start();
        return base.OnStartingAsync(cancellationToken);
    }
}

/// <summary>Opens a file per start and closes none.</summary>
internal sealed class LeaksAHandle(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly List<FileStream> _opened = [];

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        _opened.Add(File.OpenRead(typeof(LeaksAHandle).Assembly.Location));
        return base.OnStartingAsync(cancellationToken);
    }
}

/// <summary>Binds a socket per start and closes none.</summary>
internal sealed class LeaksASocket(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly List<Socket> _opened = [];

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _opened.Add(socket);
        return base.OnStartingAsync(cancellationToken);
    }
}

/// <summary>Starts a timer per start and stops none.</summary>
internal sealed class LeaksATimer(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly List<Timer> _timers = [];

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        _timers.Add(new Timer(static _ => { }, null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)));
        return base.OnStartingAsync(cancellationToken);
    }
}

/// <summary>Opens one thing, and forgets it when the next cannot be had.</summary>
internal sealed class HalfOpens(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private FileStream? _first;

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        _first = File.OpenRead(typeof(HalfOpens).Assembly.Location);
        Debris.Keep(_first);
        Backend.Open();
        Debris.Release(_first);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        _first?.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Releases the backend only when the last write succeeds.</summary>
internal sealed class KeepsTheBackendAfterAFailure(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        Backend.OpenExclusively();
        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        Backend.Open(); // the fault: it throws while the backend is broken
        Backend.Close();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Starts a thread in its constructor, for ever.</summary>
internal sealed class LeaksFromItsConstructor : BackendSink
{
    public LeaksFromItsConstructor(SinkOptions options, MemoryBackend backend)
        : base(options, backend) =>
        new Thread(static () => Debris.Token.WaitHandle.WaitOne()) { IsBackground = true, Name = "leaked by a faulty sink" }.Start();
}
