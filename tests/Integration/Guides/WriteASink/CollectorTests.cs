using System.Net;
using Mvx.Sink.Integration.Support;
using Mvx.Sink.Integration.Verification;
using Mvx.Sink.Verification;

namespace Mvx.Sink.Integration.Guides.WriteASink;

/// <summary>The sink that the guide builds keeps the rules of the kit.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class CollectorTests
{
    [Fact]
    public void The_sink_of_the_guide_passes_the_kit()
    {
        SinkVerificationReport report = new CollectorSpecification().Verify(TestSettings.Brief);
        report.ThrowIfFailed();
        Assert.True(report.Passed.Count > 30, $"{report.Passed.Count} rules were checked.");
    }

    // <specification>
    private sealed class CollectorSpecification : SinkSpecification<CollectorSink, AuditEntry>
    {
        private readonly TestCollector _collector = new();
        private readonly string _spool = Path.Combine(Directory.CreateTempSubdirectory().FullName, "spool.jsonl");

        protected override CollectorSink CreateSink(SinkOptions options) =>
            new(new CollectorConfig(new Uri("http://test.example"), _spool) { RetryDelay = TimeSpan.Zero, Options = options }, _collector.Connect);

        protected override AuditEntry CreateEvent(SinkEventId id) => new("test", $"{id}");

        protected override IEnumerable<ReceivedEvent> ReadBack(CollectorSink sink) =>
            _collector.Entries.Select(static entry => new ReceivedEvent(SinkEventId.Find(entry.Action), entry));

        protected override void BreakBackend(CollectorSink sink) => _collector.Failing = int.MaxValue;

        protected override void HealBackend(CollectorSink sink) => _collector.Failing = 0;

        protected override void ResetBackend() => _collector.Clear();
    }
    // </specification>
}
