using System.Text.Json;
using System.Text.RegularExpressions;
using Mvx.Sink.Integration.Support;
using Mvx.Sink.Verification;
using VerifyCSharp;

namespace Mvx.Sink.Integration.Verification.Guide;

/// <summary>The guide to the kit tells every rule, and what it shows of F# runs.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class GuideTests
{
    private const string GuidePath = "docs/guide/verify-your-sink.md";

    [Fact]
    public void Every_rule_is_in_the_guide()
    {
        string guide = Repository.Read(GuidePath);
        Assert.All(KitRules.All, rule => Assert.Contains($"| {rule.Id} | {rule.Title} |", guide, StringComparison.Ordinal));
    }

    [Fact]
    public void The_FSharp_sample_verifies_its_sink()
    {
        SinkVerificationReport report = new VerifyFSharp.Program.MemorySinkSpecification().Verify(TestSettings.Brief);
        report.ThrowIfFailed();
        Assert.True(report.Passed.Count > 20);
    }

    [Fact]
    public void The_JSON_of_the_guide_has_the_members_of_a_real_one()
    {
        string shown = Regex.Match(Repository.Read(GuidePath), @"```json\n(?<json>.*?)```", RegexOptions.Singleline).Groups["json"].Value;
        using JsonDocument guide = JsonDocument.Parse(shown);
        var report = new SinkVerificationReport("S", 1, [new RuleResult(KitRules.Get("K05"), RuleVerdict.Failed, "it did", TimeSpan.Zero)], TimeSpan.Zero);
        using JsonDocument real = JsonDocument.Parse(report.ToJson());
        static string[] Members(JsonElement element) => [.. element.EnumerateObject().Select(static member => member.Name)];
        Assert.Equal(Members(real.RootElement), Members(guide.RootElement));
        Assert.Equal(Members(real.RootElement.GetProperty("rules")[0]), Members(guide.RootElement.GetProperty("rules")[0]));
    }

    [Fact]
    public void The_console_sample_prints_JSON_and_its_exit_code_is_zero()
    {
        TextWriter before = Console.Out;
        using var written = new StringWriter();
        Console.SetOut(written);
        object? code;
        try
        {
            code = typeof(LineSinkSpecification).Assembly.EntryPoint!.Invoke(null, [new[] { "--quick", "--json" }]);
        }
        finally
        {
            Console.SetOut(before);
        }

        using JsonDocument json = JsonDocument.Parse(written.ToString());
        Assert.Equal("LineSink", json.RootElement.GetProperty("sink").GetString());
        Assert.Equal(KitRules.All.Count, json.RootElement.GetProperty("rules").GetArrayLength());
        Assert.True(json.RootElement.GetProperty("success").GetBoolean(), written.ToString());
        Assert.Equal(0, code);
    }
}
