namespace Mvx.Sink.Verification;

/// <summary>What one run of a program showed.</summary>
internal sealed record ProgramOutcome(string? Fault, IReadOnlyList<string> History)
{
    /// <summary>The part of the history that must be the same whenever a scheduled program runs.</summary>
    public string Transcript => string.Join('\n', History);
}
