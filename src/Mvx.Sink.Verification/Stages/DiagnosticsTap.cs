namespace Mvx.Sink.Verification;

/// <summary>
/// Catches what the sinks under verification report to <see cref="SinkDiagnostics.InternalError"/>, which is part of what is provoked here, and passes everything
/// else on to whoever listened before.
/// </summary>
internal sealed class DiagnosticsTap : IDisposable
{
    private static readonly Lock _lock = new();
    private static readonly List<DiagnosticsTap> _taps = [];
    private static Action<Exception>? _previous;

    private readonly string[] _names;
    private readonly List<string> _caught = [];

    public DiagnosticsTap(params string[] names)
    {
        _names = names;
        lock (_lock)
        {
            _taps.Add(this);
            if (_taps.Count == 1)
            {
                _previous = SinkDiagnostics.InternalError;
                SinkDiagnostics.InternalError = Route;
            }
        }
    }

    /// <summary>Takes what was caught so far.</summary>
    public IReadOnlyList<string> Take()
    {
        lock (_lock)
        {
            string[] all = [.. _caught];
            _caught.Clear();
            return all;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_taps.Remove(this) && _taps.Count == 0)
                SinkDiagnostics.InternalError = _previous;
        }
    }

    private static void Route(Exception error)
    {
        string context = error.Data[SinkDiagnostics.ContextKey] as string ?? "";
        Action<Exception>? previous;
        lock (_lock)
        {
            DiagnosticsTap? tap = _taps.Find(candidate => Array.Exists(candidate._names, name => context.Contains(name, StringComparison.Ordinal)));
            if (tap is not null)
            {
                if (tap._caught.Count < 100)
                    tap._caught.Add($"{context}: {error.GetType().Name}: {error.Message}");
                return;
            }

            previous = _previous;
        }

        previous?.Invoke(error);
    }
}
