using Mvx.Sink.Runtime;
using Mvx.Sink.Verification;

namespace VerifyCSharp;

// <specification>
public class LineSinkSpecification : SinkSpecification<LineSink, string>
{
    private readonly TestDisk _disk = new();

    protected override LineSink CreateSink(SinkOptions options) => new(_disk.Open, options);

    protected override string CreateEvent(SinkEventId id) => $"{id} hello";

    protected override IEnumerable<ReceivedEvent> ReadBack(LineSink sink) =>
        _disk.Lines.Select(line => new ReceivedEvent(SinkEventId.Find(line), line));
    // </specification>

    // <break>
    protected override void BreakBackend(LineSink sink) => _disk.IsBroken = true;

    protected override void HealBackend(LineSink sink) => _disk.IsBroken = false;

    protected override LineSink CreateSinkThatCannotStart(SinkOptions options) =>
        new(() => File.OpenWrite("/no/such/directory/app.log"), options);
    // </break>

    // <capabilities>
    public override SinkCapabilities Capabilities => base.Capabilities | SinkCapabilities.Batches;
    // </capabilities>

    protected override void ResetBackend() => _disk.Clear();
}
