using Mvx.Sink.Integration.Verification.Backends;

namespace Mvx.Sink.Integration.Verification.FaultySinks;

/// <summary>Waits in its stop for something that never comes.</summary>
internal sealed class HangsInStop(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override async ValueTask OnStoppedAsync(CancellationToken cancellationToken) => await Task.Delay(Timeout.Infinite, cancellationToken);
}

/// <summary>Does not pass its token on.</summary>
internal sealed class IgnoresCancellation(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken) => Backend.WriteAsync(item, CancellationToken.None);
}

/// <summary>Delivers before Log returns.</summary>
internal sealed class BlocksInLog(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    public new void Log(string item)
    {
        base.Log(item);
        FlushAsync().AsTask().Wait();
    }
}

/// <summary>Takes a lock in Log that a write holds for as long as it takes.</summary>
internal sealed class SharesALockWithLog(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly SemaphoreSlim _gate = new(1);

    public new void Log(string item)
    {
        _gate.Wait();
        try
        {
            base.Log(item);
        }
        finally
        {
            _gate.Release();
        }
    }

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await base.DispatchAsync(item, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }
}

/// <summary>Says that all is well when it refuses.</summary>
internal sealed class HidesRefusals(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    public new void Log(string item)
    {
        try
        {
            base.Log(item);
        }
        catch (SinkException)
        {
            // The fault.
        }
    }
}
