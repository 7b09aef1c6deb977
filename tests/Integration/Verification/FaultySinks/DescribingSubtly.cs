using Mvx.Sink.Integration.Verification.Backends;

namespace Mvx.Sink.Integration.Verification.FaultySinks;

/// <summary>A configuration that is no record and has a constructor.</summary>
internal sealed class PlainConfig(MemoryBackend backend, string tenant, double rate, int? bufferSize)
{
    public MemoryBackend Backend { get; } = backend;

    public string Tenant { get; } = tenant;

    public double Rate { get; } = rate;

    public int? BufferSize { get; } = bufferSize;
}

/// <summary>Takes two tenants for one.</summary>
internal sealed class DescribesWithoutCase(PlainConfig config) : BackendSink(new SinkOptions(), config.Backend), IDescribedSink<DescribesWithoutCase, PlainConfig>
{
    public static SinkDescriptor BuildDescriptor(PlainConfig config) => new("memory", [config.Tenant.ToUpperInvariant()], [config.Rate, config.BufferSize]);

    public static DescribesWithoutCase Construct(PlainConfig config) => new(config);
}

/// <summary>Describes sizes in kilobytes.</summary>
internal sealed class DescribesRoughly(PlainConfig config) : BackendSink(new SinkOptions(), config.Backend), IDescribedSink<DescribesRoughly, PlainConfig>
{
    public static SinkDescriptor BuildDescriptor(PlainConfig config) => new("memory", [config.Tenant], [config.Rate, config.BufferSize / 1024]);

    public static DescribesRoughly Construct(PlainConfig config) => new(config);
}

/// <summary>Writes numbers as the thread's culture has them.</summary>
internal sealed class DescribesForPeople(PlainConfig config) : BackendSink(new SinkOptions(), config.Backend), IDescribedSink<DescribesForPeople, PlainConfig>
{
    public static SinkDescriptor BuildDescriptor(PlainConfig config) => new("memory", [config.Tenant], [$"{config.Rate}", config.BufferSize]);

    public static DescribesForPeople Construct(PlainConfig config) => new(config);
}

/// <summary>Gives the sink it once made, closed or not.</summary>
internal sealed class CreatesOnlyOnce(DescribedConfig config) : BackendSink(new SinkOptions(), config.Backend), IDescribedSink<CreatesOnlyOnce, DescribedConfig>
{
    private static ManagedSink<CreatesOnlyOnce>? _made;

    public static SinkDescriptor BuildDescriptor(DescribedConfig config) => new("memory", [config.Path], [config.BufferSize]);

    public static CreatesOnlyOnce Construct(DescribedConfig config) => new(config);

    public static ManagedSink<CreatesOnlyOnce> Create(DescribedConfig config) => _made ??= SinkRuntime.Create(() => Construct(config));
}
