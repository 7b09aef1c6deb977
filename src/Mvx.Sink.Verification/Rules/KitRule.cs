namespace Mvx.Sink.Verification;

/// <summary>One numbered rule of the kit.</summary>
/// <param name="Id">The id, for instance <c>K10</c>. It never changes its meaning.</param>
/// <param name="Title">A few words.</param>
/// <param name="Statement">What is demanded.</param>
/// <param name="LookAt">Where to look when the rule fails.</param>
/// <param name="RuntimeRules">The runtime's rules that show through it, by id; may be empty.</param>
/// <param name="Requires">What the specification must be able to do.</param>
public sealed record KitRule(string Id, string Title, string Statement, string LookAt, string RuntimeRules, SinkCapabilities Requires)
{
    /// <summary>Id and title, as a test shows them.</summary>
    /// <returns>For instance <c>K10 nothing is lost</c>.</returns>
    public override string ToString() => $"{Id} {Title}";
}
