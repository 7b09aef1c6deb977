namespace Mvx.Sink.Verification;

/// <summary>A sink breaks rules of the kit. The message is the report on them.</summary>
public sealed class SinkVerificationException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="report">The report.</param>
    public SinkVerificationException(SinkVerificationReport report)
        : base(Describe(report))
    {
        Report = report;
    }

    /// <summary>The report.</summary>
    public SinkVerificationReport Report { get; }

    private static string Describe(SinkVerificationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        using var writer = new StringWriter();
        ConsoleReport.WriteFailures(report, writer);
        return $"{report.SinkName} breaks {string.Join(", ", report.Failed.Select(static result => result.Rule.Id))}.{Environment.NewLine}{writer}";
    }
}
