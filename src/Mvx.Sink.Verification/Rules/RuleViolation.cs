using System.Diagnostics.CodeAnalysis;

namespace Mvx.Sink.Verification;

/// <summary>Thrown inside the kit by a check that found the rule broken; becomes a failed result.</summary>
[SuppressMessage("Design", "CA1064", Justification = "It never leaves the kit.")]
internal sealed class RuleViolation(string message, Counterexample? counterexample = null) : Exception(message)
{
    public Counterexample? Counterexample => counterexample;
}
