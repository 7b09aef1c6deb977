namespace Mvx.Sink.Verification;

/// <summary>How a rule came out.</summary>
public enum RuleVerdict
{
    /// <summary>No violation was found.</summary>
    Passed = 0,

    /// <summary>The sink breaks the rule.</summary>
    Failed = 1,

    /// <summary>The rule was not checked; the result says why.</summary>
    Skipped = 2,
}
