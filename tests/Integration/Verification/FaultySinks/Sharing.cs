using Mvx.Sink.Integration.Verification.Backends;

namespace Mvx.Sink.Integration.Verification.FaultySinks;

/// <summary>Notes in a static field that it is closed, as if there were only one of it.</summary>
internal sealed class ClosesAllOfItsKind(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private static volatile bool _isClosed;

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        _isClosed = false;
        return base.OnStartingAsync(cancellationToken);
    }

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken) =>
        _isClosed ? ValueTask.CompletedTask : base.DispatchAsync(item, cancellationToken);

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        _isClosed = true;
        return ValueTask.CompletedTask;
    }
}

/// <summary>Holds its last event back in a static field, where another instance's event may take its place.</summary>
internal sealed class SharesAStaticField(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private static string? _held;

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _held, null) is { } held)
            await base.DispatchAsync(held, cancellationToken);
        Interlocked.Exchange(ref _held, item);
    }

    protected override async ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _held, null) is { } held)
            await base.DispatchAsync(held, cancellationToken);
    }
}
