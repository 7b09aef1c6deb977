using OpenTelemetry;

namespace Mvx.Sink.Benchmarks.Peers;

/// <summary>OpenTelemetry's batch export processor with its default delay and batch size, and an exporter that counts.</summary>
internal sealed class OpenTelemetryPeer : Peer
{
    private readonly Processor _processor;
    private long _dropped;

    public OpenTelemetryPeer(int capacity) => _processor = new Processor(new CountingExporter(Backend), capacity);

    /// <summary>The processor keeps its count of drops to itself, so it is what had not arrived after the last flush.</summary>
    public override long Dropped => _dropped;

    public override void Produce(int count)
    {
        Processor processor = _processor;
        BenchEvent item = BenchEvent.Prepared;
        for (int i = 0; i < count; i++)
            processor.OnEnd(item);
    }

    public override void LogOne() => _processor.OnEnd(BenchEvent.Prepared);

    public override void Flush() => _processor.ForceFlush();

    protected override void Close() => _processor.Dispose();

    protected override void Flushed(long logged)
    {
        Thread.Sleep(2); // a flush ends when the last event is taken from the buffer, just before the exporter sees it
        _dropped = logged - Backend.Received;
    }

    private sealed class Processor(BaseExporter<BenchEvent> exporter, int capacity) : BatchExportProcessor<BenchEvent>(exporter, capacity);

    private sealed class CountingExporter(Backend backend) : BaseExporter<BenchEvent>
    {
        public override ExportResult Export(in Batch<BenchEvent> batch)
        {
            foreach (BenchEvent _ in batch)
                backend.Receive();
            return ExportResult.Success;
        }
    }
}
