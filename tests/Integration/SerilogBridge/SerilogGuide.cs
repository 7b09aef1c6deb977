using Mvx.Sink.Files;
using Mvx.Sink.SerilogBridge;
using Serilog;
using Serilog.Core;

namespace Mvx.Sink.Integration.SerilogBridge;

/// <summary>The snippets of docs/guide/serilog.md, run.</summary>
public sealed class SerilogGuide
{
    [Fact]
    public void Our_sink_in_Serilog()
    {
        string folder = Directory.CreateTempSubdirectory("mvx-sink-serilog-").FullName;
        string path = Path.Combine(folder, "orders.jsonl");

        // <our-sink-in-serilog>
        Logger logger = new LoggerConfiguration()
            .WriteTo.MvxSink<FileSink, FileSinkConfig>(new FileSinkConfig { Path = path })
            .CreateLogger();

        logger.Information("Order {OrderId} placed by {Customer}", 42, "ann");
        logger.Dispose(); // delivers what is pending and ends the sink; with the static Log, Log.CloseAndFlush() does
        // </our-sink-in-serilog>
        Assert.Contains("Order 42 placed by", Assert.Single(File.ReadAllLines(path)), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_Serilog_sink_behind_our_queue()
    {
        var consoleSink = new CollectingSink();

        // <serilog-sink-behind-our-queue>
        using ManagedSink<SerilogBackend> backend = SerilogBackend.Create(() => consoleSink, new SinkOptions { QueueMaxSize = 50_000 });
        using Logger logger = new LoggerConfiguration().WriteTo.Sink(backend.Sink).CreateLogger();

        logger.Information("Order {OrderId} placed by {Customer}", 42, "ann");
        backend.Terminate();
        SinkLedger ledger = backend.Sink.Ledger; // offered 1, accepted 1, delivered 1
        // </serilog-sink-behind-our-queue>
        Assert.Equal("Order 42 placed by \"ann\"", Assert.Single(consoleSink.Messages));
        Assert.Equal(1, ledger.Delivered);
    }

    [Fact]
    public void Sinks_configured_inside()
    {
        var file = new CollectingSink();

        // <configured-inside>
        using (Logger logger = new LoggerConfiguration()
            .WriteTo.MvxSink(to => to.Sink(file), new SinkOptions { OverflowPolicy = QueueOverflowPolicy.Drop })
            .CreateLogger())
        {
            logger.Information("Order {OrderId} placed by {Customer}", 42, "ann");
        }
        // </configured-inside>
        Assert.Single(file.Messages);
    }
}
