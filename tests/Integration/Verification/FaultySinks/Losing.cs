using Mvx.Sink.Integration.Verification.Backends;

namespace Mvx.Sink.Integration.Verification.FaultySinks;

/// <summary>Forgets every thousandth event.</summary>
internal sealed class LosesOneInAThousand(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private int _count;

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken) =>
        ++_count % 1000 == 0 ? ValueTask.CompletedTask : base.DispatchAsync(item, cancellationToken);
}

/// <summary>Writes in batches of ten and forgets the last, partial one when it is stopped.</summary>
internal sealed class DropsTheLastBatch(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly List<string> _batch = [];

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        _batch.Add(item);
        if (_batch.Count == 10)
        {
            Backend.Write([.. _batch]);
            _batch.Clear();
        }

        return ValueTask.CompletedTask;
    }
}

/// <summary>Gives a stuck write up after a moment and goes on as if it had succeeded.</summary>
internal sealed class LosesOnTimeout(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TimeSpan.FromMilliseconds(5));
        try
        {
            await Backend.WriteAsync(item, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The fault: nobody hears of it.
        }
    }
}

/// <summary>Passes events from Log to the base through a field that all producers share.</summary>
internal sealed class SharesAFieldInLog(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private string? _next;

    public new void Log(string item)
    {
        ArgumentNullException.ThrowIfNull(item);
        Volatile.Write(ref _next, item);
        Thread.Yield();
        base.Log(_next!);
    }
}
