using Mvx.Sink.Integration.Files;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Quickstart;

public sealed class QuickstartTests
{
    private const string Sample = "Quickstart";

    [Fact]
    public async Task Without_arguments_it_moves_a_real_log_and_says_where()
    {
        using var folder = new TemporaryFolder();
        using SampleProcess run = await SampleProcess.RunAsync(Sample, "--out", folder.File("out.jsonl"));
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains("Reading  /", run.Output, StringComparison.Ordinal);
        Assert.Contains("to its end; --follow goes on", run.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["is Virgin", ": Virgin -> Starting", ": Starting -> Running", ": Running -> Stopping", ": Stopping -> Stopped"],
            run.Output.Split('\n').Where(static line => line.StartsWith("Sink     quickstart", StringComparison.Ordinal)).Select(static line => line["Sink     quickstart".Length..].Trim()));
        Assert.Contains($"File     {folder.File("out.jsonl")}", run.Output, StringComparison.Ordinal);
        int lines = File.ReadLines(folder.File("out.jsonl")).Count();
        Assert.True(lines > 0);
        Assert.Contains($"{lines} accepted = {lines} delivered + 0 failed + 0 undelivered + 0 pending", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_larger_than_the_queue_loses_no_line()
    {
        using var folder = new TemporaryFolder();
        string[] lines = [.. Enumerable.Range(0, 50_000).Select(static i => $"line {i} of the log")];
        await File.WriteAllLinesAsync(folder.File("in.log"), lines);
        using SampleProcess run = await SampleProcess.RunAsync(Sample, folder.File("in.log"), "--out", folder.File("out.jsonl"));
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(lines, Messages(folder.File("out.jsonl")));
    }

    [Fact]
    public async Task Standard_input_is_read_to_its_end_and_a_last_line_without_one_counts()
    {
        using var folder = new TemporaryFolder();
        using SampleProcess run = SampleProcess.Start(Sample, "-", "--out", folder.File("out.jsonl"));
        await run.Input.WriteAsync("first\r\n\nan error\nlast");
        run.Input.Close();
        await run.WaitForExitAsync();
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(["first", "", "an error", "last"], Messages(folder.File("out.jsonl")));
        Assert.Equal("Error", TemporaryFolder.Events(folder.File("out.jsonl"))[2].GetProperty("level").GetString());
    }

    [InterruptTheory]
    [InlineData("INT")]
    public async Task Without_arguments_on_a_terminal_it_follows_the_log_until_it_is_interrupted(string signal)
    {
        using var folder = new TemporaryFolder();
        using var terminal = PseudoTerminal.Open();
        using SampleProcess run = SampleProcess.StartOn(terminal.Name, Sample, "--out", folder.File("out.jsonl"));
        await terminal.WaitForAsync("and following what is added to it: Ctrl-C ends it");
        await terminal.WaitForAsync("quickstart: Starting -> Running");
        await WaitForLines(folder.File("out.jsonl"), 1);
        Assert.False(run.HasExited);
        run.Signal(signal);
        await terminal.WaitForAsync("Stopping at your request");
        await terminal.WaitForAsync("File     ");
        await run.WaitForExitAsync();
        Assert.Equal(0, run.ExitCode);
    }

    [InterruptTheory]
    [InlineData("--once")]
    public async Task On_a_terminal_it_ends_at_the_end_of_the_log_when_told_so(string once)
    {
        using var folder = new TemporaryFolder();
        using var terminal = PseudoTerminal.Open();
        using SampleProcess run = SampleProcess.StartOn(terminal.Name, Sample, once, "--out", folder.File("out.jsonl"));
        await terminal.WaitForAsync("File     ");
        await run.WaitForExitAsync();
        Assert.Equal(0, run.ExitCode);
    }

    [InterruptTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_flushes_and_ends_it_in_good_order(string signal)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("in.log"), "one\ntwo\nunfinished");
        using SampleProcess run = SampleProcess.Start(Sample, folder.File("in.log"), "--follow", "--out", folder.File("out.jsonl"));
        await run.WaitForAsync("quickstart: Starting -> Running");
        await WaitForLines(folder.File("out.jsonl"), 2);
        run.Signal(signal);
        await run.WaitForExitAsync();
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains("Stopping at your request", run.Output, StringComparison.Ordinal);
        Assert.Contains("2 accepted = 2 delivered", run.Output, StringComparison.Ordinal);
        Assert.Equal(["one", "two"], Messages(folder.File("out.jsonl")));
    }

    [InterruptTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_ends_it_while_it_waits_for_standard_input(string signal)
    {
        using var folder = new TemporaryFolder();
        using SampleProcess run = SampleProcess.Start(Sample, "-", "--out", folder.File("out.jsonl"));
        await run.Input.WriteLineAsync("one");
        await run.Input.FlushAsync();
        await WaitForLines(folder.File("out.jsonl"), 1);
        run.Signal(signal);
        await run.WaitForExitAsync();
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains("1 accepted = 1 delivered", run.Output, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_second_process_on_the_same_file_is_told_so_and_a_killed_one_leaves_no_hindrance()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("out.jsonl");
        using SampleProcess first = SampleProcess.Start(Sample, "-", "--out", path);
        await first.WaitForAsync("quickstart: Starting -> Running");

        using SampleProcess second = await SampleProcess.RunAsync(Sample, "-", "--out", path);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"Path \"{path}\" is being written by another sink", second.Errors, StringComparison.Ordinal);
        Assert.Throws<SinkCreationException>(() => FileSinks.Create(new Mvx.Sink.Files.FileSinkConfig { Path = path }));

        first.Signal("KILL");
        await first.WaitForExitAsync();
        FileSinks.Write(new Mvx.Sink.Files.FileSinkConfig { Path = path }, "after");
        Assert.Equal(["out.jsonl"], folder.Names());
    }

    [Theory]
    [InlineData("there is no file", "/nowhere/at/all.log")]
    [InlineData("is a directory", ".")]
    [InlineData("the path of the log is empty", "")]
    [InlineData("unknown option \"--fast\"", "--fast")]
    [InlineData("--out needs", "--out")]
    [InlineData("--out: Path", "-", "--out", "")]
    [InlineData("one log at a time", "a", "b")]
    [InlineData("not both", "--follow", "--once")]
    public async Task Bad_arguments_end_with_code_2_and_say_what_is_wrong(string message, params string[] arguments)
    {
        using SampleProcess run = await SampleProcess.RunAsync(Sample, arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_log_is_not_written_into_itself_through_a_link()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("real"));
        await File.WriteAllTextAsync(folder.File("real/in.log"), "one\n");
        File.CreateSymbolicLink(folder.File("out.jsonl"), "real/in.log");
        Directory.CreateSymbolicLink(folder.File("linked"), "real");
        foreach (string output in new[] { "out.jsonl", "linked/in.log" })
        {
            using SampleProcess run = await SampleProcess.RunAsync(Sample, folder.File("real/in.log"), "--out", folder.File(output));
            Assert.Equal(2, run.ExitCode);
            Assert.Contains("cannot be read and written at the same time", run.Errors, StringComparison.Ordinal);
        }

        Assert.Equal("one\n", await File.ReadAllTextAsync(folder.File("real/in.log")));
    }

    [Fact]
    public async Task A_large_log_keeps_all_files_of_the_run_and_counts_them()
    {
        using var folder = new TemporaryFolder();
        string text = new('x', 1_000_000);
        await File.WriteAllLinesAsync(folder.File("in.log"), Enumerable.Repeat(text, 350));
        using SampleProcess run = await SampleProcess.RunAsync(Sample, folder.File("in.log"), "--out", folder.File("out.jsonl"));
        Assert.True(run.ExitCode == 0, run.Errors);
        string[] files = Directory.GetFiles(folder.Path, "out*.jsonl");
        Assert.Equal(350, files.Sum(static file => File.ReadLines(file).Count()));
        Assert.Contains($"and {files.Length - 1} full ones before it in {folder.Path}", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_is_given()
    {
        using SampleProcess run = await SampleProcess.RunAsync(Sample, "--help");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Usage:", run.Output, StringComparison.Ordinal);
    }

    private static IEnumerable<string?> Messages(string path) => TemporaryFolder.Events(path).Select(static line => line.GetProperty("message").GetString());

    /// <summary>Looks at the file until it has so many lines; each look waits for the file system's own notice of a change, or a second.</summary>
    private static async Task WaitForLines(string path, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!) { EnableRaisingEvents = true };
        using var changed = new SemaphoreSlim(0);
        watcher.Created += (_, _) => changed.Release();
        watcher.Changed += (_, _) => changed.Release();
        while (!File.Exists(path) || File.ReadLines(path).Count() < count)
            await changed.WaitAsync(TimeSpan.FromSeconds(1), patience.Token);
    }
}
