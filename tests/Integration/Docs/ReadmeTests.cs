using System.Reactive.Linq;
using Mvx.Sink.Integration.Docs.Examples;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Docs;

/// <summary>What the README shows runs and does what the README says.</summary>
public sealed class ReadmeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mvx-sink-docs");

    private string FilePath => Path.Combine(_folder.FullName, "app.log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_first_screens_sink_delivers_what_is_logged()
    {
        string path = FilePath;

        // <use>
        using (ManagedSink<TextFileSink> managed = SinkRuntime.Create(() => new TextFileSink(path)))
        {
            managed.Sink.Log(LogEvent.Create(LogEventLevel.Information, "order.placed", message: "three apples"));
        } // every event is delivered, the file is closed, the thread has ended
        // </use>

        Assert.EndsWith("Information order.placed: three apples", Assert.Single(File.ReadAllLines(path)));
    }

    [Fact]
    public async Task A_sink_lives_on_a_loop_of_the_callers()
    {
        string path = FilePath;

        // <loop>
        using var loop = new SinkLoop("delivery");
        TextFileSink sink = await loop.InvokeAsync(() => new TextFileSink(path));

        SinkOperationResult started = await sink.Start(); // the first event would start it too
        sink.Log(LogEvent.Create(LogEventLevel.Warning, "disk.low"));
        SinkOperationResult stopped = await sink.Stop(); // delivers what is accepted, then closes the file
        // </loop>

        Assert.True(started.Success);
        Assert.True(stopped.Success);
        Assert.Single(File.ReadAllLines(path));
    }

    [Fact]
    public void The_registry_gives_one_sink_per_name_and_refuses_another_configuration()
    {
        string path = FilePath;

        // <registry>
        using var registry = new SinkRegistry();
        AuditSink audit = registry.Configure<AuditSink, AuditConfig>("audit", new AuditConfig(path));
        AuditSink again = registry.Configure<AuditSink, AuditConfig>("audit", new AuditConfig(path)); // the same instance
        // </registry>

        Assert.Same(audit, again);
        Assert.Throws<SinkConfigurationConflictException>(
            () => registry.Configure<AuditSink, AuditConfig>("audit", new AuditConfig(path, LogEventLevel.Error)));
        audit.Log(LogEvent.Create(LogEventLevel.Error, "login.failed"));
        registry.Reset();
        Assert.Equal(["login.failed"], File.ReadAllLines(path));
    }

    [Fact]
    public async Task Observers_see_states_and_what_became_of_events()
    {
        var seen = new TaskCompletionSource();
        void Alert(string text)
        {
            if (text.EndsWith("down", StringComparison.Ordinal))
                seen.TrySetResult();
        }

        var server = new BrokenServer();
        using ManagedSink<MailSink> managed = SinkRuntime.Create(() => new MailSink(server, FilePath));
        MailSink sink = managed.Sink;

        // <observe>
        using IDisposable states = sink.Lifecycle
            .Subscribe(change => Console.WriteLine($"{change.SinkName}: {change.From} -> {change.To}, {change.Ledger}"));
        using IDisposable trouble = sink.Dispatches
            .Where(dispatch => dispatch.Kind != SinkDispatchKind.Delivered)
            .Subscribe(dispatch => Alert($"{dispatch.Item} {dispatch.Kind}: {dispatch.Error?.InnerException?.Message}"));
        // </observe>

        sink.Log("hello");
        await seen.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await managed.DisposeAsync();
    }

    [Fact]
    public async Task A_flush_reports_what_became_of_the_events_before_it()
    {
        string path = FilePath;
        await using ManagedSink<TextFileSink> managed = SinkRuntime.Create(() => new TextFileSink(path));
        TextFileSink sink = managed.Sink;
        sink.Log(LogEvent.Create(LogEventLevel.Debug, "one"));

        // <flush>
        FlushReport report = await sink.FlushAsync();
        if (!report.AllDelivered)
            Console.Error.WriteLine($"{report.Failed} failed, {report.Undelivered} undelivered");
        // </flush>

        Assert.Equal(new FlushReport(Delivered: 1, Failed: 0, Undelivered: 0), report);
    }

    [Fact]
    public void A_batch_sink_gets_its_events_in_batches()
    {
        var table = new CountingTable();
        using (ManagedSink<TableSink> managed = SinkRuntime.Create(() => new TableSink(table)))
        {
            for (int i = 0; i < 1_000; i++)
                managed.Sink.Log($"{i}");
        }

        Assert.Equal(Enumerable.Range(0, 1_000).Select(static i => $"{i}"), table.Rows);
        Assert.InRange(table.LargestBatch, 2, 500);
    }

    [Fact]
    public async Task What_a_failed_sink_did_not_deliver_is_handed_over()
    {
        var server = new BrokenServer();
        using (ManagedSink<MailSink> managed = SinkRuntime.Create(() => new MailSink(server, FilePath)))
        {
            MailSink sink = managed.Sink;
            sink.Log("first");
            sink.Log("second");
            sink.Log("third");
            server.Fail.SetResult();
            FlushReport report = await sink.FlushAsync();

            Assert.Equal(new FlushReport(Delivered: 0, Failed: 1, Undelivered: 2), report);
            Assert.Equal(SinkState.Failure, sink.State);
            Assert.IsType<IOException>(sink.LastError?.InnerException);
            Assert.Equal((1, 2), (sink.Ledger.Failed, sink.Ledger.Undelivered));
            Assert.Throws<InvalidSinkStateException>(() => sink.Log("fourth"));
        }

        Assert.Equal(["second", "third"], File.ReadAllLines(FilePath));
    }

    /// <summary>Is down; the first mail waits until the test lets it fail, or fails at once when nobody waits for that.</summary>
    private sealed class BrokenServer : IMailServer
    {
        public TaskCompletionSource Fail { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task SendAsync(string text, CancellationToken cancellationToken)
        {
            if (text == "first")
                await Fail.Task;
            throw new IOException("the mail server is down");
        }
    }

    private sealed class CountingTable : ITable
    {
        public List<string> Rows { get; } = [];

        public int LargestBatch { get; private set; }

        public Task InsertAsync(ReadOnlyMemory<string> rows, CancellationToken cancellationToken)
        {
            Rows.AddRange(rows.Span);
            LargestBatch = Math.Max(LargestBatch, rows.Length);
            return Task.CompletedTask;
        }
    }
}
