namespace Mvx.Sink.Verification;

/// <summary>The report for people: one line per rule, then what is broken, then a sum.</summary>
internal static class ConsoleReport
{
    private const string Red = "\u001b[31m";
    private const string Green = "\u001b[32m";
    private const string Yellow = "\u001b[33m";
    private const string Dim = "\u001b[2m";
    private const string Bold = "\u001b[1m";
    private const string Reset = "\u001b[0m";

    /// <summary>Colour on a terminal only, and never against NO_COLOR (https://no-color.org).</summary>
    public static bool WantsColor(TextWriter? writer) =>
        (writer is null || ReferenceEquals(writer, Console.Out))
        && !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public static void Write(SinkVerificationReport report, TextWriter writer, bool color)
    {
        string Paint(string code, string text) => color ? code + text + Reset : text;
        writer.WriteLine();
        writer.WriteLine(Paint(Bold, $"  {report.SinkName}") + Paint(Dim, $"   {report.Results.Count} rules, seed {report.Seed}"));
        writer.WriteLine();
        foreach (RuleResult result in report.Results)
        {
            string mark = result.Verdict switch
            {
                RuleVerdict.Passed => Paint(Green, "pass"),
                RuleVerdict.Failed => Paint(Red, "FAIL"),
                _ => Paint(Yellow, "skip"),
            };
            string note = result.Verdict == RuleVerdict.Skipped ? Paint(Dim, "  " + FirstLine(result.Message)) : "";
            writer.WriteLine($"  {mark}  {result.Rule.Id}  {result.Rule.Title,-44}{Paint(Dim, Time(result.Duration))}{note}");
        }

        WriteFailures(report, writer, Paint);
        writer.WriteLine();
        string sum = $"{report.Passed.Count} passed, {report.Failed.Count} failed, {report.Skipped.Count} skipped in {report.Duration.TotalSeconds:0.0} s";
        writer.WriteLine("  " + Paint(report.Success ? Green : Red, sum));
        if (!report.Success)
            writer.WriteLine(Paint(Dim, $"  The same sequences again: Settings with {{ Seed = {report.Seed} }}"));
        writer.WriteLine();
    }

    public static void WriteFailures(SinkVerificationReport report, TextWriter writer) => WriteFailures(report, writer, static (_, text) => text);

    private static void WriteFailures(SinkVerificationReport report, TextWriter writer, Func<string, string, string> paint)
    {
        foreach (RuleResult result in report.Failed)
        {
            writer.WriteLine();
            writer.WriteLine(paint(Red, $"  {result.Rule.Id} {result.Rule.Title}"));
            Lines(writer, "    ", result.Rule.Statement);
            writer.WriteLine();
            Lines(writer, "    ", paint(Bold, result.Message));
            writer.WriteLine();
            Lines(writer, "    ", paint(Dim, $"If this fails, look at {result.Rule.LookAt}"));
            if (result.Counterexample is not { } counterexample)
                continue;
            writer.WriteLine();
            writer.WriteLine(paint(Dim, $"    Smallest program found ({counterexample.Shrinks} shrinks, seed {counterexample.Seed}); paste it into a test:"));
            writer.WriteLine();
            Lines(writer, "        ", counterexample.Code);
            writer.WriteLine();
            writer.WriteLine(paint(Dim, "    What was observed:"));
            foreach (string line in counterexample.History)
                writer.WriteLine($"        {line}");
        }
    }

    private static void Lines(TextWriter writer, string indent, string text)
    {
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
            writer.WriteLine(indent + line);
    }

    private static string FirstLine(string text) => text.ReplaceLineEndings("\n").Split('\n')[0];

    private static string Time(TimeSpan time) => time.TotalSeconds >= 1 ? $"{time.TotalSeconds,6:0.0} s " : $"{time.TotalMilliseconds,6:0} ms";
}
