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

/// <summary>A specification of a sink that describes itself.</summary>
internal sealed class DescribedSpecification<TSink>(Func<object?>? observe = null)
    : BackendSpecification<TSink>(static (_, backend) => TSink.Construct(new DescribedConfig { Backend = backend }))
    where TSink : class, ISinkLifecycle, IDescribedSink<TSink, DescribedConfig>
{
    protected override IEnumerable<DescriptorCheck> Descriptors() =>
        [DescriptorCheck.Of<TSink, DescribedConfig>(() => new DescribedConfig { Backend = Backend }, observe: observe)];
}
