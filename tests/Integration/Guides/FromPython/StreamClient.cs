using System.Collections.Concurrent;

namespace Mvx.Sink.Integration.Guides.FromPython;

/// <summary>Stands for a client library: streams in memory, by address.</summary>
public sealed class StreamClient : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<(Uri Target, string Stream), ConcurrentQueue<string>> _streams = new();
    private readonly Uri _target;

    private StreamClient(Uri target) => _target = target;

    public static string[] Read(Uri target, string stream) => [.. _streams.GetOrAdd((target, stream), static _ => new())];

    public static async Task<StreamClient> ConnectAsync(Uri target, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return target.Host == "nowhere" ? throw new IOException("no such host") : new StreamClient(target);
    }

    public async Task AddAsync(string stream, LogEvent entry, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        _streams.GetOrAdd((_target, stream), static _ => new()).Enqueue(entry.Name);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
