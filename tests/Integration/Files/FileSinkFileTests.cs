using Mvx.Sink.Files;
using Mvx.Sink.Files.Storage;

namespace Mvx.Sink.Integration.Files;

public sealed class FileSinkFileTests
{
    [Fact]
    public void The_folder_is_created_and_only_the_log_is_left_in_it()
    {
        using var folder = new TemporaryFolder();
        FileSinks.Write(new FileSinkConfig { Path = folder.File("a/b/app.json") }, "one");
        Assert.Equal(["app.json"], Directory.EnumerateFileSystemEntries(folder.File("a/b")).Select(Path.GetFileName));
    }

    [Fact]
    public void A_sink_appends_to_what_is_there()
    {
        using var folder = new TemporaryFolder();
        var config = new FileSinkConfig { Path = folder.File("app.json") };
        FileSinks.Write(config, "one");
        FileSinks.Write(config, "two");
        Assert.Equal(["one", "two"], FileSinks.Names(config.Path));
    }

    [Fact]
    public void L10_A_sink_that_is_started_again_goes_on_in_its_file()
    {
        using var folder = new TemporaryFolder();
        using ManagedSink<FileSink> managed = FileSinks.Create(new FileSinkConfig { Path = folder.File("app.json") });
        for (int i = 0; i < 3; i++)
        {
            managed.Sink.Log(FileSinks.Event($"{i}"));
            Assert.True(managed.Sink.Stop().Wait().Success);
            Assert.True(managed.Sink.Start().Wait().Success);
        }

        Assert.Equal(["0", "1", "2"], FileSinks.Names(folder.File("app.json")));
    }

    [Theory]
    [InlineData("{\"name\":\"whole\"}\n", 1)]
    [InlineData("{\"name\":\"whole\"}\n{\"name\":\"to", 2)]
    [InlineData("x", 1)]
    [InlineData("", 0)]
    public void A_torn_last_line_is_closed_and_never_merged_with_the_next_event(string left, int lines)
    {
        using var folder = new TemporaryFolder();
        var config = new FileSinkConfig { Path = folder.File("app.json") };
        File.WriteAllText(config.Path, left);
        FileSinks.Write(config, "next");

        string[] found = File.ReadAllLines(config.Path);
        Assert.Equal(lines + 1, found.Length);
        Assert.StartsWith(left, File.ReadAllText(config.Path), StringComparison.Ordinal);
        Assert.Contains("\"next\"", found[^1], StringComparison.Ordinal);
        Assert.StartsWith("{\"timestamp\"", found[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task C3_After_a_flush_a_reader_finds_every_event_while_the_sink_writes_on()
    {
        using var folder = new TemporaryFolder();
        await using ManagedSink<FileSink> managed = FileSinks.Create(new FileSinkConfig { Path = folder.File("app.json"), FlushEvery = 10 });
        for (int round = 1; round <= 20; round++)
        {
            for (int i = 0; i < 37; i++)
                managed.Sink.Log(FileSinks.Event($"{round}.{i}"));
            Assert.True((await managed.Sink.FlushAsync()).AllDelivered);
            Assert.Equal(round * 37, FileSinks.Names(folder.File("app.json")).Count);
        }
    }

    [Fact]
    public void A6_Events_of_many_producers_arrive_whole_and_each_producers_in_order()
    {
        using var folder = new TemporaryFolder();
        var config = new FileSinkConfig { Path = folder.File("app.json"), Options = new SinkOptions { QueueMaxSize = 100_000 } };
        using ManagedSink<FileSink> managed = FileSinks.Create(config);
        Thread[] producers = [.. Enumerable.Range(0, 4).Select(producer => new Thread(() =>
        {
            for (int i = 0; i < 5_000; i++)
                managed.Sink.Log(FileSinks.Event($"{producer}", payload: new Dictionary<string, object?> { ["i"] = i }));
        }))];
        Array.ForEach(producers, static thread => thread.Start());
        Array.ForEach(producers, static thread => thread.Join());
        managed.Terminate();

        var byProducer = TemporaryFolder.Events(config.Path).GroupBy(static line => line.GetProperty("name").GetString()).ToList();
        Assert.Equal(4, byProducer.Count);
        Assert.All(byProducer, static group => Assert.Equal(Enumerable.Range(0, 5_000), group.Select(static line => line.GetProperty("payload").GetProperty("i").GetInt32())));
    }

    [Fact]
    public void With_flush_to_disk_events_arrive_all_the_same()
    {
        using var folder = new TemporaryFolder();
        FileSinks.Write(new FileSinkConfig { Path = folder.File("app.json"), FlushToDisk = true }, "one", "two");
        Assert.Equal(["one", "two"], FileSinks.Names(folder.File("app.json")));
    }

    [Fact]
    public async Task A_file_that_was_deleted_or_moved_away_is_begun_anew()
    {
        using var folder = new TemporaryFolder();
        var clock = new ManualClock(FileSinks.Noon);
        await using ManagedSink<FileSink> managed = FileSinks.Create(new FileSinkConfig { Path = folder.File("app.json"), Options = new SinkOptions { TimeProvider = clock } });
        managed.Sink.Log(FileSinks.Event("one"));
        await managed.Sink.FlushAsync();
        File.Move(folder.File("app.json"), folder.File("moved.json"));
        clock.Advance(TimeSpan.FromSeconds(1));
        managed.Sink.Log(FileSinks.Event("two"));
        await managed.Sink.FlushAsync();

        Assert.Equal(["one"], FileSinks.Names(folder.File("moved.json")));
        Assert.Equal(["two"], FileSinks.Names(folder.File("app.json")));
    }

    [Fact]
    public async Task A_file_that_was_emptied_by_somebody_is_written_from_its_new_end()
    {
        using var folder = new TemporaryFolder();
        await using ManagedSink<FileSink> managed = FileSinks.Create(new FileSinkConfig { Path = folder.File("app.json") });
        managed.Sink.Log(FileSinks.Event("one"));
        await managed.Sink.FlushAsync();
        using (var other = new FileStream(folder.File("app.json"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            other.SetLength(0);
        managed.Sink.Log(FileSinks.Event("two"));
        await managed.Sink.FlushAsync();
        Assert.Equal(["two"], FileSinks.Names(folder.File("app.json")));
    }

    [Fact]
    public void A_second_sink_on_the_file_is_refused_until_the_first_has_stopped()
    {
        using var folder = new TemporaryFolder();
        var config = new FileSinkConfig { Path = folder.File("app.json") };
        using (FileSinks.Create(config))
        {
            var refused = Assert.Throws<SinkCreationException>(() => FileSinks.Create(config));
            var cause = Assert.IsType<FileSinkException>(Assert.IsType<OnStartingHookFailedException>(refused.InnerException).InnerException);
            Assert.Contains($"Path \"{config.Path}\" is being written by another sink", cause.Message, StringComparison.Ordinal);
        }

        FileSinks.Write(config, "one");
    }

    [Fact]
    public void The_lock_has_one_holder_at_a_time_however_many_try()
    {
        using var folder = new TemporaryFolder();
        int holders = 0;
        int taken = 0;
        int together = 0;
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                try
                {
                    using FileLock held = FileLock.Take(folder.File("app.json"), "Path");
                    if (Interlocked.Increment(ref holders) != 1)
                        Interlocked.Increment(ref together);
                    Interlocked.Increment(ref taken);
                    Interlocked.Decrement(ref holders);
                }
                catch (FileSinkException)
                {
                    Thread.Yield();
                }
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        Assert.Equal(0, together);
        Assert.True(taken > 0);
        Assert.Empty(folder.Names());
    }
}
