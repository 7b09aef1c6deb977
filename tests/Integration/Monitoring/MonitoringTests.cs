using System.Globalization;
using System.Text.RegularExpressions;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Monitoring;

/// <summary>samples/Monitoring, run as a process of its own.</summary>
public sealed class MonitoringTests
{
    private const string Sample = "Monitoring";

    [Fact]
    public async Task Without_a_terminal_it_tells_the_failure_and_the_losses_in_lines_and_ends_by_itself()
    {
        using SampleProcess run = await SampleProcess.RunAsync(Sample, "--seconds", "2");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Empty(run.Errors);
        Assert.Contains("STATE  mail: is Running", run.Output, StringComparison.Ordinal);
        Assert.Matches("STATE  mail: .* -> Failure: .*The mail server hung up", run.Output);
        Assert.Matches("LOSS   mail: 1 failed", run.Output);
        Assert.Matches("STATE  clicks: Stopping -> Stopped", run.Output);
        Assert.DoesNotContain('\u001b', run.Output);

        Assert.Equal("Stopped", StateOf(run, "orders"));
        Assert.Equal("Failure", StateOf(run, "mail"));
        Assert.Equal("Stopped", StateOf(run, "clicks"));
        Assert.Equal(400, CountOf(run, "orders", "delivered"));
        Assert.Equal(1, CountOf(run, "mail", "failed"));
        Assert.InRange(CountOf(run, "clicks", "dropped"), 49, 600);
        int told = Regex.Matches(run.Output, @"LOSS   clicks: (?<count>\d+) dropped").Sum(static match => int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture));
        Assert.Equal(CountOf(run, "clicks", "dropped"), told);
    }

    [Fact]
    public async Task The_live_view_shows_states_counts_and_losses()
    {
        using SampleProcess run = await SampleProcess.RunAsync(Sample, "--seconds", "2", "--live");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains('\u001b', run.Output);
        string text = Regex.Replace(run.Output, @"\u001b\[[0-9;?]*[A-Za-z]", "");
        Assert.Contains("mail (Failure)", text, StringComparison.Ordinal);
        Assert.Contains("Transitions", text, StringComparison.Ordinal);
        Assert.Contains("Losses", text, StringComparison.Ordinal);
    }

    [InterruptTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_ends_it_in_good_order(string signal)
    {
        using SampleProcess run = SampleProcess.Start(Sample, "--seconds", "600");
        await run.WaitForAsync("orders: is Running");
        run.Signal(signal);
        await run.WaitForExitAsync();
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal("Stopped", StateOf(run, "orders"));
        Assert.Equal(0, CountOf(run, "orders", "pending"));
    }

    [Theory]
    [InlineData("--seconds needs a number", "--seconds", "0")]
    [InlineData("unknown argument \"--fast\"", "--fast")]
    public async Task Bad_arguments_end_with_code_2_and_say_what_is_wrong(string message, params string[] arguments)
    {
        using SampleProcess run = await SampleProcess.RunAsync(Sample, arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }

    private static string StateOf(SampleProcess run, string sink) => Last(run, $@"^{sink} \((?<found>\w+)\): ");

    private static int CountOf(SampleProcess run, string sink, string count) =>
        int.Parse(Last(run, $@"^{sink} \(\w+\): .*\b{count} (?<found>\d+)"), CultureInfo.InvariantCulture);

    private static string Last(SampleProcess run, string pattern)
    {
        MatchCollection matches = Regex.Matches(run.Output, pattern, RegexOptions.Multiline);
        Assert.True(matches.Count == 1, $"{matches.Count} lines match {pattern} in:\n{run.Output}");
        return matches[0].Groups["found"].Value;
    }
}
