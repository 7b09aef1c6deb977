namespace Mvx.Sink.Benchmarks.Loggers;

/// <summary>A shape of log call.</summary>
/// <param name="Name">Its name in the figures.</param>
/// <param name="Run">Makes the call so many times.</param>
internal sealed record LoggerCall(string Name, Action<LoggerPeer, int> Run)
{
    /// <summary>A value of the scopes around it, which a peer must have captured; null: it is made in none.</summary>
    public string? Scope { get; init; }
}
