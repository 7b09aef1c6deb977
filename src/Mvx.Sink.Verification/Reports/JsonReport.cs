using System.Text;
using System.Text.Json;

namespace Mvx.Sink.Verification;

/// <summary>The report for machines.</summary>
internal static class JsonReport
{
    public static string Write(SinkVerificationReport report)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("sink", report.SinkName);
            json.WriteString("seed", report.Seed.ToString());
            json.WriteBoolean("success", report.Success);
            json.WriteNumber("passed", report.Passed.Count);
            json.WriteNumber("failed", report.Failed.Count);
            json.WriteNumber("skipped", report.Skipped.Count);
            json.WriteNumber("milliseconds", Math.Round(report.Duration.TotalMilliseconds));
            json.WriteStartArray("rules");
            foreach (RuleResult result in report.Results)
                Write(json, result);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter json, RuleResult result)
    {
        json.WriteStartObject();
        json.WriteString("id", result.Rule.Id);
        json.WriteString("title", result.Rule.Title);
        json.WriteString("statement", result.Rule.Statement);
        json.WriteString("verdict", result.Verdict.ToString().ToLowerInvariant());
        json.WriteString("message", result.Message);
        if (result.Verdict == RuleVerdict.Failed)
            json.WriteString("lookAt", result.Rule.LookAt);
        json.WriteNumber("milliseconds", Math.Round(result.Duration.TotalMilliseconds));
        if (result.Counterexample is { } counterexample)
        {
            json.WriteStartObject("counterexample");
            json.WriteString("code", counterexample.Code);
            json.WriteString("seed", counterexample.Seed.ToString());
            json.WriteNumber("shrinks", counterexample.Shrinks);
            json.WriteStartArray("history");
            foreach (string line in counterexample.History)
                json.WriteStringValue(line);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
