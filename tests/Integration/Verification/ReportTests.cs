using System.Text.Json;
using Mvx.Sink.Verification;

namespace Mvx.Sink.Integration.Verification;

/// <summary>The report, for people and for machines.</summary>
public sealed class ReportTests
{
    private static readonly SinkVerificationReport _report = new(
        "SomeSink",
        7,
        [
            new(KitRules.Get("K01"), RuleVerdict.Passed, "started", TimeSpan.FromMilliseconds(3)),
            new(KitRules.Get("K10 nothing is lost"), RuleVerdict.Failed, "1 of 9 is lost", TimeSpan.FromSeconds(2), new Counterexample(SinkProgram.Empty.Log(9), "new S().Replay(...);", 7, ["Log a0"], 3)),
            new(KitRules.Get("K30"), RuleVerdict.Skipped, "override BreakBackend", TimeSpan.Zero),
        ],
        TimeSpan.FromSeconds(3));

    [Fact]
    public void It_says_what_failed_and_why_something_was_skipped()
    {
        string text = _report.ToString();
        Assert.Contains("skip  K30", text, StringComparison.Ordinal);
        Assert.Contains("override BreakBackend", text, StringComparison.Ordinal);
        Assert.Contains("If this fails, look at", text, StringComparison.Ordinal);
        Assert.Contains("new S().Replay(...);", text, StringComparison.Ordinal);
        Assert.Contains("1 passed, 1 failed, 1 skipped in 3.0 s", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", text, StringComparison.Ordinal);
        Assert.Equal(1, _report.ExitCode);
        Assert.Equal(_report, Assert.Throws<SinkVerificationException>(_report.ThrowIfFailed).Report);
    }

    [Fact]
    public void It_is_coloured_on_request()
    {
        using var writer = new StringWriter();
        _report.Print(writer, color: true);
        Assert.Contains("\u001b[31mFAIL", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_JSON_too()
    {
        using JsonDocument json = JsonDocument.Parse(_report.ToJson());
        Assert.Equal("7", json.RootElement.GetProperty("seed").GetString());
        Assert.Equal(3, json.RootElement.GetProperty("rules").GetArrayLength());
        Assert.Equal(3, json.RootElement.GetProperty("rules")[1].GetProperty("counterexample").GetProperty("shrinks").GetInt32());
    }

    [Fact]
    public void A_report_without_a_failure_ends_with_zero()
    {
        SinkVerificationReport report = _report with { Results = [.. _report.Results.Where(static result => result.Verdict != RuleVerdict.Failed)] };
        Assert.Equal(0, report.ExitCode);
        Assert.Same(report, report.ThrowIfFailed());
        using JsonDocument json = JsonDocument.Parse(report.ToJson());
        Assert.True(json.RootElement.GetProperty("success").GetBoolean());
        Assert.Equal("override BreakBackend", json.RootElement.GetProperty("rules")[1].GetProperty("message").GetString());
    }

    [Fact]
    public void Every_rule_has_an_id_a_statement_and_a_place_to_look()
    {
        Assert.Equal(KitRules.All.Count, KitRules.All.Select(static rule => rule.Id).Distinct().Count());
        Assert.All(KitRules.All, static rule => Assert.True(rule.Statement.Length > 20 && rule.LookAt.Length > 10 && rule.Title.Length > 5));
        Assert.Throws<ArgumentException>(static () => KitRules.Get("K99"));
    }

    [Theory]
    [InlineData("p1n2", 1, 2)]
    [InlineData("{\"id\":\"p31n400\",\"at\":\"2024-01-01T10:20:30Z\"}", 31, 400)]
    public void An_id_is_found_in_what_a_backend_stored(string text, int producer, int number) =>
        Assert.Equal(new SinkEventId(producer, number), SinkEventId.Find(text));

    [Theory]
    [InlineData("p1")]
    [InlineData("xp1n2")]
    [InlineData("")]
    public void A_text_without_an_id_is_refused(string text) => Assert.Throws<FormatException>(() => SinkEventId.Find(text));
}
