using Mvx.Sink.Integration.Verification.Backends;
using Mvx.Sink.Integration.Verification.FaultySinks;
using Mvx.Sink.Verification;

namespace Mvx.Sink.Integration.Verification;

/// <summary>A specification that knows a start that cannot succeed.</summary>
internal sealed class UnstartableSpecification<TSink>(
    Func<SinkOptions, MemoryBackend, TSink> create,
    Func<SinkOptions, MemoryBackend, TSink> cannotStart) : BackendSpecification<TSink>(create)
    where TSink : class, ISinkLifecycle
{
    protected override TSink CreateSinkThatCannotStart(SinkOptions options) => cannotStart(options, Backend);
}

/// <summary>A specification of a sink that gathers events in Log.</summary>
internal sealed class GatheringSpecification() : BackendSpecification<GathersWithoutALock>(static (options, backend) => new GathersWithoutALock(options, backend))
{
    public override SinkCapabilities Capabilities => base.Capabilities | SinkCapabilities.Batches;
}

/// <summary>A specification whose events have bytes in them.</summary>
internal sealed class SecretSpecification : SinkSpecification<BlackensInPlace, SecretEvent>
{
    private readonly MemoryBackend _backend = new();

    protected override BlackensInPlace CreateSink(SinkOptions options) => new(options, _backend);

    protected override SecretEvent CreateEvent(SinkEventId id) => new(id.ToString(), [1, 2, 3]);

    protected override IEnumerable<ReceivedEvent> ReadBack(BlackensInPlace sink) => _backend.Lines.Select(ReceivedEvent.Find);
}

/// <summary>A specification whose events are numbers that become text.</summary>
internal sealed class ReadingSpecification : SinkSpecification<WritesForPeople, GoodSinks.Reading>
{
    private readonly MemoryBackend _backend = new();

    protected override WritesForPeople CreateSink(SinkOptions options) => new(options, _backend);

    protected override GoodSinks.Reading CreateEvent(SinkEventId id) => new(id.Producer, id.Number, id.Number + 0.5);

    protected override object ExpectedContent(GoodSinks.Reading item) => $"{item.Value}";

    protected override IEnumerable<ReceivedEvent> ReadBack(WritesForPeople sink) =>
        _backend.Lines.Select(static line => new ReceivedEvent(SinkEventId.Find(line), line.Split(' ')[1]));
}

/// <summary>A specification whose events can be changed.</summary>
internal sealed class MutableSpecification : SinkSpecification<MutatesTheEvent, MutableEvent>
{
    private readonly MemoryBackend _backend = new();

    protected override MutatesTheEvent CreateSink(SinkOptions options) => new(options, _backend);

    protected override MutableEvent CreateEvent(SinkEventId id) => new() { Text = id.ToString() };

    protected override IEnumerable<ReceivedEvent> ReadBack(MutatesTheEvent sink) => _backend.Lines.Select(ReceivedEvent.Find);
}

/// <summary>A specification whose backend may be used on the loop only.</summary>
internal sealed class OffLoopSpecification : SinkSpecification<CallsTheBackendOffTheLoop, string>
{
    private readonly MemoryBackend _backend = new();

    protected override CallsTheBackendOffTheLoop CreateSink(SinkOptions options) => new(options, Write);

    protected override string CreateEvent(SinkEventId id) => id.ToString();

    protected override IEnumerable<ReceivedEvent> ReadBack(CallsTheBackendOffTheLoop sink) => _backend.Lines.Select(ReceivedEvent.Find);

    private void Write(string line)
    {
        MustBeOnLoop("the backend's Write");
        _backend.Write(line);
    }
}

/// <summary>A specification of a sink whose configuration is no record.</summary>
internal sealed class PlainlyDescribedSpecification<TSink>()
    : BackendSpecification<TSink>(static (_, backend) => TSink.Construct(new PlainConfig(backend, "Fabrikam", 0.25, 4096)))
    where TSink : class, ISinkLifecycle, IDescribedSink<TSink, PlainConfig>
{
    protected override IEnumerable<DescriptorCheck> Descriptors() => [DescriptorCheck.Of<TSink, PlainConfig>(() => new PlainConfig(Backend, "Fabrikam", 0.25, 4096))];
}

/// <summary>A specification of a sink that describes itself.</summary>
internal sealed class DescribedSpecification<TSink>(Func<object?>? observe = null)
    : BackendSpecification<TSink>(static (_, backend) => TSink.Construct(new DescribedConfig { Backend = backend }))
    where TSink : class, ISinkLifecycle, IDescribedSink<TSink, DescribedConfig>
{
    protected override IEnumerable<DescriptorCheck> Descriptors() =>
        [DescriptorCheck.Of<TSink, DescribedConfig>(() => new DescribedConfig { Backend = Backend }, observe: observe)];
}

/// <summary>A specification of a sink that describes a configuration with parts.</summary>
internal sealed class DeeplyDescribedSpecification<TSink>() : BackendSpecification<TSink>(static (_, backend) => TSink.Construct(Config(backend))), IDisposable
    where TSink : class, ISinkLifecycle, IDescribedSink<TSink, DeepConfig>
{
    private static readonly string _folder = Path.Combine(Path.GetTempPath(), $"mvx-sink-descriptors-{Environment.ProcessId}");

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    protected override IEnumerable<DescriptorCheck> Descriptors() => [DescriptorCheck.Of<TSink, DeepConfig>(() => Config(Backend))];

    private static DeepConfig Config(MemoryBackend backend) =>
        new(backend, Path.Combine(_folder, "logs", "app.log"), ["a", "b"], new Dictionary<string, string>(StringComparer.Ordinal) { ["x"] = "1" }, new Credentials("ann", "fabrikam"));
}

/// <summary>A specification of a sink whose undelivered events outlive it.</summary>
internal sealed class SpoolingSpecification : BackendSpecification<HandsOverBackwards>
{
    private readonly List<string> _spool;

    public SpoolingSpecification()
        : this([])
    {
    }

    private SpoolingSpecification(List<string> spool)
        : base((options, backend) => new HandsOverBackwards(options, backend, spool)) => _spool = spool;

    protected override void ResetBackend()
    {
        base.ResetBackend();
        _spool.Clear();
    }
}
