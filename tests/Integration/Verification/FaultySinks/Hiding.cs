using Mvx.Sink.Integration.Verification.Backends;

namespace Mvx.Sink.Integration.Verification.FaultySinks;

/// <summary>Catches what a write throws, and says nothing.</summary>
internal sealed class SwallowsTheException(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        try
        {
            await base.DispatchAsync(item, cancellationToken);
        }
        catch (IOException)
        {
            // The fault.
        }
    }
}

/// <summary>Batches, and swallows the failure of the last batch only.</summary>
internal sealed class SwallowsInStop(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly List<string> _batch = [];

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        _batch.Add(item);
        if (_batch.Count >= 100)
            Write();
        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        try
        {
            Write();
        }
        catch (IOException)
        {
            _batch.Clear(); // the fault
        }

        return ValueTask.CompletedTask;
    }

    private void Write()
    {
        Backend.Write([.. _batch]);
        _batch.Clear();
    }
}

/// <summary>Tries for ever.</summary>
internal sealed class RetriesForEver(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await base.DispatchAsync(item, cancellationToken);
                return;
            }
            catch (IOException)
            {
                await Task.Delay(1, cancellationToken);
            }
        }
    }
}

/// <summary>Starts although it cannot.</summary>
internal sealed class HushesUpTheStart(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            Backend.Open();
        }
        catch (IOException)
        {
            // The fault: the first event will tell.
        }

        return ValueTask.CompletedTask;
    }
}

/// <summary>Throws where the events are that nobody else will have.</summary>
internal sealed class ThrowsAtTheUndelivered(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override async ValueTask OnUndeliveredAsync(IReadOnlyList<string> items, SinkException cause)
    {
        foreach (string item in items)
            await Backend.WriteAsync(item); // it is still broken
    }
}
