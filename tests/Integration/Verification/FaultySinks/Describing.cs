using Mvx.Sink.Integration.Verification.Backends;

namespace Mvx.Sink.Integration.Verification.FaultySinks;

/// <summary>The configuration of the sinks that describe themselves badly.</summary>
internal sealed record DescribedConfig
{
    public required MemoryBackend Backend { get; init; }

    public string Path { get; init; } = "/nowhere/app.log";

    public int BufferSize { get; init; } = 16;
}

/// <summary>Describes itself well: what the faulty ones are compared with.</summary>
internal sealed class DescribesItself(DescribedConfig config) : BackendSink(new SinkOptions(), config.Backend), IDescribedSink<DescribesItself, DescribedConfig>
{
    public static SinkDescriptor BuildDescriptor(DescribedConfig config) => new("memory", [config.Path], [config.BufferSize]);

    public static DescribesItself Construct(DescribedConfig config) => new(config);
}

/// <summary>Has the time in its descriptor.</summary>
internal sealed class DescribesTheTime(DescribedConfig config) : BackendSink(new SinkOptions(), config.Backend), IDescribedSink<DescribesTheTime, DescribedConfig>
{
    public static SinkDescriptor BuildDescriptor(DescribedConfig config) =>
        new("memory", [config.Path, TimeProvider.System.GetUtcNow().ToString("s")], [config.BufferSize]);

    public static DescribesTheTime Construct(DescribedConfig config) => new(config);
}

/// <summary>Leaves a member of its configuration out.</summary>
internal sealed class DescribesTooLittle(DescribedConfig config) : BackendSink(new SinkOptions(), config.Backend), IDescribedSink<DescribesTooLittle, DescribedConfig>
{
    public static SinkDescriptor BuildDescriptor(DescribedConfig config) => new("memory", [config.Path], []);

    public static DescribesTooLittle Construct(DescribedConfig config) => new(config);
}

/// <summary>Counts its descriptors.</summary>
internal sealed class DescribesWithSideEffects(DescribedConfig config)
    : BackendSink(new SinkOptions(), config.Backend), IDescribedSink<DescribesWithSideEffects, DescribedConfig>
{
    private static int _built;

    public static int Built => _built;

    public static SinkDescriptor BuildDescriptor(DescribedConfig config)
    {
        Interlocked.Increment(ref _built);
        return new("memory", [config.Path], [config.BufferSize]);
    }

    public static DescribesWithSideEffects Construct(DescribedConfig config) => new(config);
}
