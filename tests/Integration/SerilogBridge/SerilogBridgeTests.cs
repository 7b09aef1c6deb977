using Mvx.Sink.Integration.Support;
using Mvx.Sink.SerilogBridge;
using Serilog;
using Serilog.Core;

namespace Mvx.Sink.Integration.SerilogBridge;

public sealed class SerilogBridgeTests
{
    [Fact]
    public async Task A_Serilog_event_becomes_an_event_of_ours()
    {
        using ManagedSink<MemorySink> managed = SinkRuntime.Create(() => new MemorySink(new MemorySinkConfig { Key = "from-serilog" }));
        using Logger logger = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.MvxSink(managed.Sink).CreateLogger();
        var error = new IOException("disk");
        logger.ForContext<SerilogBridgeTests>().Error(error, "Order {OrderId} of {@Customer} has {Items}", 42, new { Name = "ann" }, new[] { 1, 2 });
        logger.Verbose("low");
        logger.Fatal("high");
        await managed.Sink.FlushAsync().AsTask().Within();
        LogEvent[] events = [.. managed.Sink.Delivered];
        Assert.Equal([LogEventLevel.Error, LogEventLevel.Debug, LogEventLevel.Critical], events.Select(entry => entry.Level));
        Assert.Equal("Order 42 of { Name: \"ann\" } has [1, 2]", events[0].Message);
        Assert.Equal("Order {OrderId} of {@Customer} has {Items}", events[0].Name);
        Assert.Equal(typeof(SerilogBridgeTests).FullName, events[0].Namespace);
        Assert.Same(error, events[0].Exception);
        Assert.Equal(42, events[0].Payload["OrderId"]);
        Assert.Equal("ann", Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(events[0].Payload["Customer"])["Name"]);
        Assert.Equal([1, 2], Assert.IsAssignableFrom<IReadOnlyList<object?>>(events[0].Payload["Items"]));
    }

    [Fact]
    public void A_sink_created_by_the_logger_is_flushed_and_ended_with_it()
    {
        Logger logger = new LoggerConfiguration().WriteTo.MvxSink<OwnedSink, MemorySinkConfig>(new MemorySinkConfig { Key = "owned" }).CreateLogger();
        for (int i = 0; i < 1_000; i++)
            logger.Information("{I}", i);
        logger.Dispose();
        Assert.Equal(1_000, OwnedSink.Last!.Ledger.Delivered);
        Assert.Equal(SinkState.Stopped, OwnedSink.Last.State);
    }

    [Fact]
    public void A_Serilog_sink_gains_queue_ledger_and_lifecycle()
    {
        var backend = new CollectingSink();
        var opened = 0;
        using ManagedSink<SerilogBackend> managed = SerilogBackend.Create(() =>
        {
            opened++;
            return backend;
        });
        using (Logger logger = new LoggerConfiguration().WriteTo.Sink(managed.Sink).CreateLogger())
        {
            for (int i = 0; i < 1_000; i++)
                logger.Information("{I}", i);
        }

        Assert.True(managed.Sink.Stop().Wait().Success);
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => $"{i}"), backend.Messages);
        Assert.Single(backend.Threads.Distinct());
        Assert.Equal(1, backend.Disposals);
        Assert.True(managed.Sink.Start().Wait().Success);
        Assert.Equal(2, opened);
        Assert.Equal(1_000, managed.Sink.Ledger.Delivered);
    }

    [Fact]
    public void What_a_Serilog_sink_throws_ends_it_visibly()
    {
        using ManagedSink<SerilogBackend> managed = SerilogBackend.Create(() => new ThrowingSink());
        using Logger logger = new LoggerConfiguration().WriteTo.Sink(managed.Sink).CreateLogger();
        Task<SinkLifecycleEvent> failed = Observed.FirstAsync(managed.Sink.Lifecycle, change => change.To == SinkState.Failure);
        logger.Information("a");
        failed.GetAwaiter().GetResult();
        logger.Information("b");
        Assert.Equal(1, managed.Sink.Ledger.Failed);
        Assert.Equal(1, managed.Sink.Ledger.Rejected);
        Assert.IsType<IOException>(managed.Sink.LastError!.InnerException);
    }

    [Fact]
    public void Sinks_configured_inside_write_behind_the_queue()
    {
        var backend = new CollectingSink();
        using (Logger logger = new LoggerConfiguration().WriteTo.MvxSink(to => to.Sink(backend)).CreateLogger())
        {
            for (int i = 0; i < 100; i++)
                logger.Information("{I}", i);
        }

        Assert.Equal(100, backend.Messages.Count);
        Assert.DoesNotContain(Environment.CurrentManagedThreadId, backend.Threads);
        Assert.Equal(1, backend.Disposals);
    }

    private sealed class OwnedSink(MemorySinkConfig config) : AsyncLogSink, IDescribedSink<OwnedSink, MemorySinkConfig>
    {
        public static OwnedSink? Last { get; private set; }

        public string Key => config.Key;

        public static SinkDescriptor BuildDescriptor(MemorySinkConfig config) => new("owned", [config.Key], []);

        public static OwnedSink Construct(MemorySinkConfig config) => Last = new OwnedSink(config);

        protected override ValueTask DispatchAsync(LogEvent item, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private sealed class ThrowingSink : ILogEventSink
    {
        public void Emit(Serilog.Events.LogEvent logEvent) => throw new IOException("disk");
    }
}
