using System.Collections.Concurrent;

namespace Mvx.Sink.Integration.Files;

/// <summary>Collects what is reported while it lives, from all sinks of the process.</summary>
internal sealed class InternalErrors : IDisposable
{
    private readonly Action<Exception>? _before = SinkDiagnostics.InternalError;
    private readonly ConcurrentQueue<Exception> _all = new();

    public InternalErrors() => SinkDiagnostics.InternalError = _all.Enqueue;

    public IReadOnlyCollection<Exception> All => _all;

    public void Dispose() => SinkDiagnostics.InternalError = _before;
}
