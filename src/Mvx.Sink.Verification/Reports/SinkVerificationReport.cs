namespace Mvx.Sink.Verification;

/// <summary>How all rules came out for one sink.</summary>
/// <param name="SinkName">The name of the sink's class.</param>
/// <param name="Seed">The seed of the random sequences.</param>
/// <param name="Results">One result per rule, in the order of the rules.</param>
/// <param name="Duration">How long it all took.</param>
public sealed record SinkVerificationReport(string SinkName, ulong Seed, IReadOnlyList<RuleResult> Results, TimeSpan Duration)
{
    /// <summary>Whether no rule failed.</summary>
    public bool Success => Failed.Count == 0;

    /// <summary>0 when no rule failed, else 1: for <c>return report.ExitCode;</c> in a console program.</summary>
    public int ExitCode => Success ? 0 : 1;

    /// <summary>The rules that hold.</summary>
    public IReadOnlyList<RuleResult> Passed => Where(RuleVerdict.Passed);

    /// <summary>The rules that are broken.</summary>
    public IReadOnlyList<RuleResult> Failed => Where(RuleVerdict.Failed);

    /// <summary>The rules that were not checked, each with its reason.</summary>
    public IReadOnlyList<RuleResult> Skipped => Where(RuleVerdict.Skipped);

    /// <summary>The result of one rule.</summary>
    /// <param name="ruleId">The rule's id.</param>
    /// <exception cref="KeyNotFoundException">There is no such rule in the report.</exception>
    public RuleResult this[string ruleId] =>
        Results.FirstOrDefault(result => result.Rule.Id == ruleId) ?? throw new KeyNotFoundException($"There is no rule {ruleId} in this report.");

    /// <summary>The report as JSON, for machines.</summary>
    /// <returns>One indented object.</returns>
    public string ToJson() => JsonReport.Write(this);

    /// <summary>Writes the report for people; in colour on a terminal unless NO_COLOR is set.</summary>
    /// <param name="writer">Where to; null: the console.</param>
    /// <param name="color">Whether to use colour; null: as said above.</param>
    public void Print(TextWriter? writer = null, bool? color = null) => ConsoleReport.Write(this, writer ?? Console.Out, color ?? ConsoleReport.WantsColor(writer));

    /// <summary>Throws when a rule failed: the last line of a test in any framework.</summary>
    /// <returns>This report.</returns>
    /// <exception cref="SinkVerificationException">A rule failed; the message has all of them.</exception>
    public SinkVerificationReport ThrowIfFailed() => Success ? this : throw new SinkVerificationException(this);

    /// <summary>The report as <see cref="Print"/> writes it, without colour.</summary>
    /// <returns>Several lines.</returns>
    public override string ToString()
    {
        using var writer = new StringWriter();
        Print(writer, color: false);
        return writer.ToString();
    }

    private RuleResult[] Where(RuleVerdict verdict) => [.. Results.Where(result => result.Verdict == verdict)];
}
