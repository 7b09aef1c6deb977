using System.Diagnostics;
using Mvx.Sink.Files;
using Mvx.Sink.Files.Storage;

namespace Mvx.Sink.Integration.Files;

public sealed class FileSinkOneWriterTests
{
    [UnixFact]
    public void A_second_sink_is_refused_when_it_knows_the_file_by_a_link()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("real"));
        string path = folder.File("real/app.json");
        File.CreateSymbolicLink(folder.File("link.json"), "real/app.json");
        Directory.CreateSymbolicLink(folder.File("linked"), folder.File("real"));
        using (FileSinks.Create(new FileSinkConfig { Path = path }))
        {
            AssertInUse(folder.File("link.json"));
            AssertInUse(folder.File("linked/app.json"));
        }

        using (FileSinks.Create(new FileSinkConfig { Path = folder.File("link.json") }))
            AssertInUse(path);
    }

    [LinuxFact]
    public void A_second_sink_is_refused_when_it_knows_the_file_by_a_hard_link_and_readers_are_not()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("app.json");
        File.WriteAllText(path, "{}\n");
        using (Process link = Process.Start("ln", [path, folder.File("other.json")]))
            link.WaitForExit();
        using (FileSinks.Create(new FileSinkConfig { Path = path }))
        {
            AssertInUse(folder.File("other.json"));
            Assert.Equal("{}\n", File.ReadAllText(path));
            Assert.Equal("{}\n", File.ReadAllText(folder.File("other.json")));
            AssertInUse(folder.File("other.json")); // the reader's closing has not freed it
        }

        FileSinks.Write(new FileSinkConfig { Path = folder.File("other.json") }, "one");
    }

    [LinuxFact]
    public void A_second_sink_is_refused_after_the_lock_file_was_deleted()
    {
        using var folder = new TemporaryFolder();
        var config = new FileSinkConfig { Path = folder.File("app.json") };
        using ManagedSink<FileSink> managed = FileSinks.Create(config);
        File.Delete(FileLock.PathFor(config.Path));
        AssertInUse(config.Path);
    }

    [UnixFact]
    public async Task A_lock_file_that_was_deleted_is_taken_again()
    {
        using var folder = new TemporaryFolder();
        var clock = new ManualClock(FileSinks.Noon);
        var config = new FileSinkConfig { Path = folder.File("app.json"), Options = new SinkOptions { TimeProvider = clock } };
        await using (ManagedSink<FileSink> managed = FileSinks.Create(config))
        {
            File.Delete(FileLock.PathFor(config.Path));
            clock.Advance(TimeSpan.FromSeconds(1));
            managed.Sink.Log(FileSinks.Event("one"));
            await managed.Sink.FlushAsync();
            Assert.Throws<FileSinkException>(() => FileLock.Take(config.Path, "Path"));
        }

        Assert.Equal(["app.json"], folder.Names());
    }

    [UnixFact]
    public async Task A_folder_that_was_deleted_is_created_again_with_the_file_and_the_lock()
    {
        using var folder = new TemporaryFolder();
        var clock = new ManualClock(FileSinks.Noon);
        var config = new FileSinkConfig { Path = folder.File("logs/app.json"), Options = new SinkOptions { TimeProvider = clock } };
        await using ManagedSink<FileSink> managed = FileSinks.Create(config);
        Directory.Delete(folder.File("logs"), recursive: true);
        clock.Advance(TimeSpan.FromSeconds(1));
        managed.Sink.Log(FileSinks.Event("one"));
        await managed.Sink.FlushAsync();

        Assert.Equal(["one"], FileSinks.Names(config.Path));
        Assert.Throws<FileSinkException>(() => FileLock.Take(config.Path, "Path"));
        AssertInUse(config.Path);
    }

    [UnixFact]
    public async Task A_sink_whose_folder_was_deleted_and_whose_file_another_has_taken_fails_and_hands_its_events_over()
    {
        using var folder = new TemporaryFolder();
        var clock = new ManualClock(FileSinks.Noon);
        var saved = new List<string>();
        var config = new FileSinkConfig { Path = folder.File("logs/app.json") };
        await using ManagedSink<FileSink> first = FileSinks.Create(config with
        {
            Options = new SinkOptions { TimeProvider = clock },
            UndeliveredHandler = (events, _) => saved.AddRange(events.Select(static item => item.Name)),
        });
        Directory.Delete(folder.File("logs"), recursive: true);
        await using ManagedSink<FileSink> second = FileSinks.Create(config);
        clock.Advance(TimeSpan.FromSeconds(1));
        first.Sink.Log(FileSinks.Event("one"));
        await first.Sink.DisposeAsync();

        Assert.Contains("is being written by another sink", first.Sink.LastError?.Message, StringComparison.Ordinal);
        Assert.Equal(["one"], saved);
        AssertInUse(config.Path); // the second one's lock is still there
    }

    [UnixFact]
    public void The_lock_file_is_not_older_than_it_is()
    {
        using var folder = new TemporaryFolder();
        using FileLock held = FileLock.Take(folder.File("app.json"), "Path");
        TimeSpan age = TimeProvider.System.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(FileLock.PathFor(folder.File("app.json")));
        Assert.InRange(age, TimeSpan.FromSeconds(-5), TimeSpan.FromHours(1.1));
    }

    [UnixFact]
    public void A_file_behind_a_link_is_rolled_where_it_is()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("real"));
        File.CreateSymbolicLink(folder.File("link.json"), "real/app.json");
        FileSinks.Write(new FileSinkConfig { Path = folder.File("link.json"), MaxFileSize = 1 }, "one", "two");
        Assert.Equal(["link.json", "real"], folder.Names());
        Assert.Equal(["two"], FileSinks.Names(folder.File("link.json")));
        Assert.Equal(2, Directory.GetFiles(folder.File("real")).Length);
    }

    [UnixFact]
    public void Links_in_a_circle_are_a_clear_failure_of_the_start()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.File("a.json"), "b.json");
        File.CreateSymbolicLink(folder.File("b.json"), "a.json");
        Assert.Contains("cannot be opened for writing", Refusal(folder.File("a.json")).Message, StringComparison.Ordinal);
    }

    private static void AssertInUse(string path) =>
        Assert.Contains("is being written by another sink", Refusal(path).Message, StringComparison.Ordinal);

    private static FileSinkException Refusal(string path)
    {
        var refused = Assert.Throws<SinkCreationException>(() => FileSinks.Create(new FileSinkConfig { Path = path }));
        return Assert.IsType<FileSinkException>(Assert.IsType<OnStartingHookFailedException>(refused.InnerException).InnerException);
    }
}
