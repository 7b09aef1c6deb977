using System.Diagnostics.CodeAnalysis;

namespace Mvx.Sink.Verification;

/// <summary>Thrown inside the kit by a check that cannot be done; becomes a skipped result with this reason.</summary>
[SuppressMessage("Design", "CA1064", Justification = "It never leaves the kit.")]
internal sealed class RuleSkip(string reason) : Exception(reason);
