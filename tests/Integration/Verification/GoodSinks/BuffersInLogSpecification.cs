using Mvx.Sink.Integration.Verification.Backends;
using Mvx.Sink.Verification;

namespace Mvx.Sink.Integration.Verification.GoodSinks;

/// <summary>Verifies the sink that gathers events in Log; it writes what is left in its stop.</summary>
internal sealed class BuffersInLogSpecification() : BackendSpecification<BuffersInLog>(static (options, backend) => new BuffersInLog(options, backend))
{
    public override VerificationSettings Settings => TestSettings.Brief;

    public override SinkCapabilities Capabilities => base.Capabilities | SinkCapabilities.Batches;
}
