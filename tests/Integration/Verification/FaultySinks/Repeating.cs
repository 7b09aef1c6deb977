using Mvx.Sink.Integration.Verification.Backends;

namespace Mvx.Sink.Integration.Verification.FaultySinks;

/// <summary>Writes again although the first write may have succeeded.</summary>
internal sealed class DuplicatesOnRetry(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        try
        {
            Backend.WriteUnreliably(item);
        }
        catch (IOException)
        {
            Backend.WriteUnreliably(item);
        }

        return ValueTask.CompletedTask;
    }
}

/// <summary>Writes one event in five hundred twice.</summary>
internal sealed class RepeatsNowAndThen(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private int _count;

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        await base.DispatchAsync(item, cancellationToken);
        if (++_count % 500 == 0)
            await base.DispatchAsync(item, cancellationToken);
    }
}

/// <summary>Keeps what it has written, and writes it again while cleaning up after a failure.</summary>
internal sealed class RewritesAfterAFailure(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly List<string> _recent = [];

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        await base.DispatchAsync(item, cancellationToken);
        _recent.Add(item);
    }

    protected override async ValueTask OnUndeliveredAsync(IReadOnlyList<string> items, SinkException cause)
    {
        Backend.Heal(); // a fallback that works
        foreach (string item in _recent.Concat(items))
            await Backend.WriteAsync(item);
    }
}
