using Mvx.Sink.Integration.Verification.Backends;

namespace Mvx.Sink.Integration.Verification.FaultySinks;

/// <summary>Cannot work after a restart: what it disposed is not made anew.</summary>
internal sealed class CannotRestart(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend), IDisposable
{
    private readonly CancellationTokenSource _life = new();

    public void Dispose() => _life.Dispose();

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        _life.Token.ThrowIfCancellationRequested();
        return base.DispatchAsync(item, cancellationToken);
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        _life.Cancel();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Loses only what is logged after the third start.</summary>
internal sealed class FailsOnTheThirdStart(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private int _starts;

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        _starts++;
        return base.OnStartingAsync(cancellationToken);
    }

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken) =>
        _starts >= 3 ? ValueTask.CompletedTask : base.DispatchAsync(item, cancellationToken);
}

/// <summary>Throws when it is disposed again.</summary>
internal sealed class ThrowsWhenDisposedTwice(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend), IDisposable
{
    private bool _disposed;

    public void Dispose()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _disposed = true;
    }
}

/// <summary>Throws in its stop.</summary>
internal sealed class ThrowsInTerminate(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("not now");
}

/// <summary>Starts itself.</summary>
internal sealed class StartsItself : BackendSink
{
    public StartsItself(SinkOptions options, MemoryBackend backend)
        : base(options, backend) =>
        Start();
}

/// <summary>Writes later, with nobody waiting for it.</summary>
internal sealed class DeliversAfterTheStop(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        _ = Later(item);
        return ValueTask.CompletedTask;
    }

    private async Task Later(string item)
    {
        await Task.Delay(60, CancellationToken.None).ConfigureAwait(false);
        Backend.Write(item);
    }
}

/// <summary>Says that an event is delivered when it is only remembered, and claims to write through.</summary>
internal sealed class LiesAboutTheFlush(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly List<string> _batch = [];

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        _batch.Add(item);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        Backend.Write([.. _batch]);
        _batch.Clear();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Goes on off its loop, and touches its state there.</summary>
internal sealed class ContinuesOffTheLoop(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly Dictionary<string, int> _written = [];

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        await Task.Delay(1, cancellationToken).ConfigureAwait(false);
        Backend.Write(item);
        _written[item] = 1;
    }
}

/// <summary>Calls a backend off its loop that must not be.</summary>
internal sealed class CallsTheBackendOffTheLoop(SinkOptions options, Action<string> write) : AsyncSink<string>(options)
{
    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken) =>
        await Task.Run(() => write(item), CancellationToken.None);
}
