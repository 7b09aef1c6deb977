using Mvx.Sink.Files;

namespace Mvx.Sink.Integration.Files;

public sealed class FileSinkRollTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_024)]
    public void No_file_is_larger_than_it_may_be_and_no_event_is_lost_between_two(int flushEvery)
    {
        using var folder = new TemporaryFolder();
        var config = new FileSinkConfig { Path = folder.File("app.json"), MaxFileSize = 1_000, FlushEvery = flushEvery };
        string[] names = [.. Enumerable.Range(0, 100).Select(static i => $"{i}")];
        FileSinks.Write(config, names);

        IReadOnlyList<string> files = folder.Names();
        Assert.InRange(files.Count, 5, 15);
        Assert.All(files, file => Assert.InRange(new FileInfo(folder.File(file)).Length, 1, 1_000));
        Assert.Equal(names, files.SelectMany(file => FileSinks.Names(folder.File(file))));
    }

    [Fact]
    public void An_event_larger_than_a_file_may_be_has_one_of_its_own()
    {
        using var folder = new TemporaryFolder();
        FileSinks.Write(new FileSinkConfig { Path = folder.File("app.json"), MaxFileSize = 10 }, "one", "two", "three");
        Assert.Equal(3, folder.Names().Count);
        Assert.Equal(["three"], FileSinks.Names(folder.File("app.json")));
    }

    [Fact]
    public void A_rolled_file_is_named_by_day_and_number()
    {
        using var folder = new TemporaryFolder();
        FileSinks.Write(OnClock(folder, new ManualClock(FileSinks.Noon)) with { MaxFileSize = 10 }, "one", "two", "three");
        Assert.Equal(["app.2026-03-14.0001.json", "app.2026-03-14.0002.json", "app.json"], folder.Names());
    }

    [Fact]
    public async Task Each_day_has_a_file_of_its_own()
    {
        using var folder = new TemporaryFolder();
        var clock = new ManualClock(FileSinks.Noon);
        await using ManagedSink<FileSink> managed = FileSinks.Create(OnClock(folder, clock) with { RollDaily = true });
        foreach (string name in new[] { "a", "b", "c" })
        {
            managed.Sink.Log(FileSinks.Event(name));
            await managed.Sink.FlushAsync();
            clock.Advance(TimeSpan.FromHours(11));
        }

        managed.Terminate();
        Assert.Equal(["app.2026-03-14.0001.json", "app.json"], folder.Names());
        Assert.Equal(["a", "b"], FileSinks.Names(folder.File("app.2026-03-14.0001.json")));
        Assert.Equal(["c"], FileSinks.Names(folder.File("app.json")));
    }

    [Fact]
    public void A_file_left_from_an_earlier_day_is_rolled_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        FileSinkConfig config = OnClock(folder, new ManualClock(FileSinks.Noon)) with { RollDaily = true };
        FileSinks.Write(config, "old");
        File.SetLastWriteTimeUtc(config.Path, FileSinks.Noon.UtcDateTime.AddDays(-2));
        FileSinks.Write(config, "new");
        Assert.Equal(["app.2026-03-12.0001.json", "app.json"], folder.Names());
        Assert.Equal(["new"], FileSinks.Names(config.Path));
    }

    [Fact]
    public void Only_the_newest_rolled_files_are_kept_and_nothing_else_is_touched()
    {
        using var folder = new TemporaryFolder();
        string[] others = ["app.2026-03-14.json", "app.2026-03-14.0001.jsonl", "app.notes.0001.json", "app2.2026-03-14.0001.json", "app.2026-02-30.0001.json"];
        Array.ForEach(others, name => File.WriteAllText(folder.File(name), "mine"));
        File.WriteAllText(folder.File("app.2026-01-01.0009.json"), "an old one");

        FileSinks.Write(OnClock(folder, new ManualClock(FileSinks.Noon)) with { MaxFileSize = 10, RetainedFiles = 2 }, [.. Enumerable.Range(0, 12).Select(static i => $"{i}")]);
        Assert.Equal([.. others.Concat(["app.2026-03-14.0010.json", "app.2026-03-14.0011.json", "app.json"]).Order(StringComparer.Ordinal)], folder.Names());
    }

    private static FileSinkConfig OnClock(TemporaryFolder folder, ManualClock clock) =>
        new() { Path = folder.File("app.json"), Options = new SinkOptions { TimeProvider = clock } };
}
