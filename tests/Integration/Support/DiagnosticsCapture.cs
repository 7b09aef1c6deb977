using System.Collections.Concurrent;

namespace Mvx.Sink.Integration.Support;

/// <summary>Collects internal errors until disposed. For tests in the process-wide collection only: the hook is static.</summary>
internal sealed class DiagnosticsCapture : IDisposable
{
    private readonly ConcurrentQueue<Exception> _errors = new();
    private readonly Action<Exception>? _before = SinkDiagnostics.InternalError;

    public DiagnosticsCapture() => SinkDiagnostics.InternalError = _errors.Enqueue;

    public Exception[] Errors => [.. _errors];

    public Exception WaitForOne(Func<Exception, bool> wanted)
    {
        Patience.Until(() => Errors.Any(wanted), "The internal error is reported");
        return Errors.First(wanted);
    }

    public static string ContextOf(Exception error) => error.Data[SinkDiagnostics.ContextKey]?.ToString() ?? "";

    public void Dispose() => SinkDiagnostics.InternalError = _before;
}
