using System.Collections.Concurrent;
using Mvx.Sink.Files;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Files;

[Collection(ProcessWideCollection.Name)]
public sealed class FileSinkFailureTests
{
    [UnixFact]
    public async Task L12_A_full_disk_is_a_clear_failure_and_no_event_counts_as_delivered()
    {
        using var folder = new TemporaryFolder();
        await using ManagedSink<FileSink> managed = FileSinks.Create(new FileSinkConfig { Path = FullDevice(folder), UndeliveredHandler = static (_, _) => { } });
        managed.Sink.Log(FileSinks.Event("one"));
        FlushReport report = await managed.Sink.FlushAsync();

        Assert.Equal(new FlushReport(0, 1, 0), report);
        Assert.Equal(SinkState.Failure, managed.Sink.State);
        var error = Assert.IsType<FileSinkException>(managed.Sink.LastError);
        Assert.True(error.IsDiskFull);
        Assert.Equal(true, error.Details["diskFull"]);
        Assert.Equal(folder.File("app.json"), error.Path);
        Assert.Contains($"no space left for \"{error.Path}\"", error.Message, StringComparison.Ordinal);
        Assert.IsType<IOException>(error.InnerException);
    }

    [UnixFact]
    public async Task C2_The_event_that_failed_and_those_behind_it_are_handed_over_in_order()
    {
        using var folder = new TemporaryFolder();
        var saved = new ConcurrentQueue<string>();
        SinkException? cause = null;
        var config = new FileSinkConfig
        {
            Path = FullDevice(folder),
            FlushEvery = 3,
            UndeliveredHandler = (events, why) =>
            {
                cause = why;
                foreach (LogEvent item in events)
                    saved.Enqueue(item.Name);
            },
        };
        string[] names = [.. Enumerable.Range(0, 10).Select(static i => $"{i}")];
        using var loop = new SinkLoop();
        FileSink sink = WithEventsWaiting(loop, config, names);
        await sink.DisposeAsync();
        Assert.Equal(names, saved);
        Assert.Same(sink.LastError, cause);
        Assert.Equal(1, sink.Ledger.Failed);
        Assert.Equal(9, sink.Ledger.Undelivered);
    }

    [UnixFact]
    public async Task C2_Events_that_could_not_be_written_are_in_the_fallback_file()
    {
        using var folder = new TemporaryFolder();
        var config = new FileSinkConfig { Path = FullDevice(folder), FallbackPath = folder.File("fallback/rest.json") };
        await using ManagedSink<FileSink> managed = FileSinks.Create(config);
        for (int i = 0; i < 100; i++)
            managed.Sink.TryLog(FileSinks.Event($"{i}"));
        await managed.Sink.DisposeAsync();
        Assert.Equal(managed.Sink.Ledger.Accepted, FileSinks.Names(config.FallbackPath).Count);
        Assert.Equal("0", FileSinks.Names(config.FallbackPath)[0]);
    }

    [UnixFact]
    public async Task C2_With_neither_fallback_nor_handler_the_loss_is_reported()
    {
        using var folder = new TemporaryFolder();
        using var errors = new InternalErrors();
        string path = FullDevice(folder);
        await using ManagedSink<FileSink> managed = FileSinks.Create(new FileSinkConfig { Path = path });
        managed.Sink.Log(FileSinks.Event("one"));
        await managed.Sink.DisposeAsync();
        Assert.Contains(errors.All, error => error.Message.Contains("1 accepted events were not delivered", StringComparison.Ordinal) && error.Message.Contains(path, StringComparison.Ordinal)
            && error.Message.EndsWith("Set FallbackPath or UndeliveredHandler to save them.", StringComparison.Ordinal));
    }

    [UnixFact]
    public async Task C2_A_fallback_that_fails_too_is_reported_and_the_handler_still_gets_the_events()
    {
        using var folder = new TemporaryFolder();
        using var errors = new InternalErrors();
        File.CreateSymbolicLink(folder.File("fallback.json"), "/dev/full");
        var saved = new ConcurrentQueue<string>();
        var config = new FileSinkConfig { Path = FullDevice(folder), FallbackPath = folder.File("fallback.json"), UndeliveredHandler = (events, _) => saved.Enqueue(events[0].Name) };
        await using ManagedSink<FileSink> managed = FileSinks.Create(config);
        managed.Sink.Log(FileSinks.Event("one"));
        await managed.Sink.DisposeAsync();
        Assert.Equal(["one"], saved);
        Assert.Contains(errors.All, error => error.Message.Contains($"FallbackPath \"{config.FallbackPath}\" took 0 of 1", StringComparison.Ordinal));
    }

    [MountFact]
    public async Task C1_On_a_disk_that_fills_up_delivered_is_exactly_what_the_file_holds()
    {
        using SmallDisk disk = SmallDisk.OfSize("128k");
        var saved = new ConcurrentQueue<string>();
        var config = new FileSinkConfig
        {
            Path = disk.File("app.json"),
            UndeliveredHandler = (events, _) =>
            {
                foreach (LogEvent item in events)
                    saved.Enqueue(item.Name);
            },
        };
        await using ManagedSink<FileSink> managed = FileSinks.Create(config);
        int accepted = 0;
        while (accepted < 5_000 && managed.Sink.TryLog(FileSinks.Event($"{accepted}", "some text to fill the disk with")) == LogOutcome.Accepted)
            accepted++;
        await managed.Sink.DisposeAsync();

        SinkLedger ledger = managed.Sink.Ledger;
        IReadOnlyList<string?> written = FileSinks.Names(config.Path); // every line is whole, or this throws
        Assert.Equal(SinkState.Failure, managed.Sink.State);
        Assert.True(Assert.IsType<FileSinkException>(managed.Sink.LastError).IsDiskFull);
        Assert.Equal(ledger.Delivered, written.Count);
        Assert.True(written.Count > 500, $"{written.Count} lines fit");
        Assert.EndsWith("}\n", await File.ReadAllTextAsync(config.Path), StringComparison.Ordinal);
        Assert.Equal(ledger.Failed + ledger.Undelivered, saved.Count);
        Assert.Equal(Enumerable.Range(0, accepted).Select(static i => $"{i}"), written.Concat(saved));
    }

    [Fact]
    public async Task L5_Events_that_wait_for_a_file_that_cannot_be_opened_are_handed_over()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("file"), "");
        var saved = new ConcurrentQueue<string>();
        using var loop = new SinkLoop();
        var config = new FileSinkConfig { Path = folder.File("file/app.json"), UndeliveredHandler = (events, _) => saved.Enqueue(events[0].Name) };
        FileSink sink = WithEventsWaiting(loop, config, "waiting");
        await sink.DisposeAsync();
        Assert.Equal(SinkState.Failure, sink.State);
        Assert.Equal(["waiting"], saved);
    }

    /// <summary>A path whose every write finds the disk full.</summary>
    private static string FullDevice(TemporaryFolder folder)
    {
        File.CreateSymbolicLink(folder.File("app.json"), "/dev/full");
        return folder.File("app.json");
    }

    /// <summary>A sink whose dispatcher begins only when all events wait: its start needs the loop, which is busy with this.</summary>
    private static FileSink WithEventsWaiting(SinkLoop loop, FileSinkConfig config, params string[] names) => loop.InvokeAsync(() =>
    {
        var created = new FileSink(config);
        foreach (string name in names)
            created.Log(FileSinks.Event(name));
        return created;
    }).GetAwaiter().GetResult();
}
