namespace Mvx.Sink.Verification;

/// <summary>How one rule came out for one sink.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Verdict">How it came out.</param>
/// <param name="Message">What is wrong, or why it was skipped, or what was done. Never null.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Counterexample">The smallest program that breaks it, where one was searched; else null.</param>
public sealed record RuleResult(KitRule Rule, RuleVerdict Verdict, string Message, TimeSpan Duration, Counterexample? Counterexample = null);
