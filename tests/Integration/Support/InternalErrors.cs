using System.Collections.Concurrent;

namespace Mvx.Sink.Integration.Support;

/// <summary>Collects what is reported to <see cref="SinkDiagnostics.InternalError"/>. Only in tests of <see cref="ProcessWideCollection"/>.</summary>
internal sealed class InternalErrors : IDisposable
{
    private readonly Action<Exception>? _previous = SinkDiagnostics.InternalError;

    public InternalErrors() => SinkDiagnostics.InternalError = All.Enqueue;

    public ConcurrentQueue<Exception> All { get; } = new();

    public void Dispose() => SinkDiagnostics.InternalError = _previous;
}
