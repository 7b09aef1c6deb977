namespace Mvx.Sink.Verification;

/// <summary>The smallest program found that breaks a rule.</summary>
/// <param name="Program">The program; the specification's <c>Replay</c> runs it again.</param>
/// <param name="Code">The program as C# that can be pasted into a test.</param>
/// <param name="Seed">The seed of the verification that found it.</param>
/// <param name="History">What was observed, one line per operation.</param>
/// <param name="Shrinks">How many times it was made smaller.</param>
public sealed record Counterexample(SinkProgram Program, string Code, ulong Seed, IReadOnlyList<string> History, int Shrinks);
