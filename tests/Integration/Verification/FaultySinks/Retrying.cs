using System.Text;
using Mvx.Sink.Integration.Verification.Backends;

namespace Mvx.Sink.Integration.Verification.FaultySinks;

// What goes wrong where a write is tried again.

/// <summary>Does not clear what it writes from when the write fails.</summary>
internal sealed class KeepsWhatItFailedToWrite(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly StringBuilder _text = new();

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            _text.Append(item);
            try
            {
                await base.DispatchAsync(_text.ToString(), cancellationToken);
                _text.Clear();
                return;
            }
            catch (IOException) when (attempt < 4)
            {
                await Task.Delay(1, cancellationToken);
            }
        }
    }
}

/// <summary>Remembers the error of a write that then succeeded, and gives up for it at its next start.</summary>
internal sealed class RemembersItsErrorTooLong(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private IOException? _error;

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken) =>
        _error is null ? base.OnStartingAsync(cancellationToken) : throw new InvalidOperationException("the connection is in error", _error);

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await base.DispatchAsync(item, cancellationToken);
                return;
            }
            catch (IOException error) when (attempt < 4)
            {
                _error = error;
                await Task.Delay(1, cancellationToken);
            }
        }
    }
}

/// <summary>Writes a batch event by event, and all of it again when one of them fails.</summary>
internal sealed class RetriesWholeBatches(SinkOptions options, MemoryBackend backend) : BackendSink(options with { MaxBatchSize = 20 }, backend)
{
    protected override async ValueTask DispatchBatchAsync(ReadOnlyMemory<string> batch, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                for (int i = 0; i < batch.Length; i++)
                    await Backend.WriteAsync(batch.Span[i], cancellationToken);
                return;
            }
            catch (IOException) when (attempt < 4)
            {
                await Task.Delay(1, cancellationToken);
            }
        }
    }
}

/// <summary>Sends a batch in two requests, and both again when the second fails.</summary>
internal sealed class RetriesBothHalves(SinkOptions options, MemoryBackend backend) : BackendSink(options with { MaxBatchSize = 20 }, backend)
{
    protected override async ValueTask DispatchBatchAsync(ReadOnlyMemory<string> batch, CancellationToken cancellationToken)
    {
        int half = batch.Length / 2;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                Backend.Write(batch.Span[..half]);
                Backend.Write(batch.Span[half..]);
                return;
            }
            catch (IOException) when (attempt < 4)
            {
                await Task.Delay(1, cancellationToken);
            }
        }
    }
}

/// <summary>Keeps what it could not write and writes it before the next event; when that fails in the middle, all of it the next time.</summary>
internal sealed class ReplaysFromTheStart(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly List<string> _kept = [];

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        _kept.Add(item);
        try
        {
            await Replay(cancellationToken);
        }
        catch (IOException) when (_kept.Count < 1000)
        {
            // With the next event, or in the stop.
        }
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken) => Replay(cancellationToken);

    private async ValueTask Replay(CancellationToken cancellationToken)
    {
        foreach (string item in _kept)
            await base.DispatchAsync(item, cancellationToken);
        _kept.Clear(); // the fault: not one by one
    }
}
