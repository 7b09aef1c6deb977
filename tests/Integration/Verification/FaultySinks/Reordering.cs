using Mvx.Sink.Integration.Verification.Backends;

namespace Mvx.Sink.Integration.Verification.FaultySinks;

/// <summary>Now and then writes an event after the next one.</summary>
internal sealed class SwapsTwo(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private int _count;
    private string? _held;

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        if (++_count % 300 == 0)
        {
            _held = item;
            return;
        }

        await base.DispatchAsync(item, cancellationToken);
        await WriteHeld(cancellationToken);
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken) => WriteHeld(cancellationToken);

    private async ValueTask WriteHeld(CancellationToken cancellationToken)
    {
        if (_held is { } held)
        {
            _held = null;
            await base.DispatchAsync(held, cancellationToken);
        }
    }
}

/// <summary>Starts writes side by side and waits for all of them only when it is stopped.</summary>
internal sealed class WritesSideBySide(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private int _started;

    private readonly List<Task> _writes = [];

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        _writes.Add(Task.Run(
            async () =>
            {
                // Some writes take longer than others, as they do; without that two cores may happen to keep the order.
                if (Interlocked.Increment(ref _started) % 5 == 0)
                    await Task.Delay(1);
                Backend.Write(item);
            },
            CancellationToken.None));
        return ValueTask.CompletedTask;
    }

    protected override async ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_writes);
        _writes.Clear();
    }
}

/// <summary>Keeps the last event of a cycle back and writes it after those of the next.</summary>
internal sealed class ReordersAcrossRestarts(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private string? _kept;
    private string? _last;

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        if (_last is not null)
            Backend.Write(_last);
        _last = item;
        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        if (_kept is not null)
            Backend.Write(_kept);
        (_kept, _last) = (_last, null);
        return ValueTask.CompletedTask;
    }
}
