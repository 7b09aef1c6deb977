namespace Mvx.Sink.Integration.Verification.FaultySinks;

/// <summary>What faulty sinks forget, as a backend's own list of clients would keep it. It is cleared away after each of them, so that it does not disturb what is counted about the next.</summary>
internal static class Debris
{
    private static readonly List<IDisposable> _kept = [];
    private static CancellationTokenSource _end = new();

    /// <summary>Fires when a faulty sink has been judged: whatever it started and never ends, ends then.</summary>
    public static CancellationToken Token => _end.Token;

    public static void Keep(IDisposable thing)
    {
        lock (_kept)
            _kept.Add(thing);
    }

    public static void Release(IDisposable? thing)
    {
        lock (_kept)
            _kept.Remove(thing!);
    }

    public static void ClearAway()
    {
        Interlocked.Exchange(ref _end, new CancellationTokenSource()).Cancel();
        lock (_kept)
        {
            _kept.ForEach(static thing => thing.Dispose());
            _kept.Clear();
        }
    }
}
