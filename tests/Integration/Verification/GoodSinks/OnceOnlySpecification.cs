using Mvx.Sink.Integration.Verification.Backends;
using Mvx.Sink.Verification;

namespace Mvx.Sink.Integration.Verification.GoodSinks;

/// <summary>Verifies a sink that does not promise to start again.</summary>
internal sealed class OnceOnlySpecification() : BackendSpecification<OnceOnlySink>(static (options, backend) => new OnceOnlySink(options, backend))
{
    public override SinkCapabilities Capabilities => base.Capabilities & ~SinkCapabilities.Restart;
}
