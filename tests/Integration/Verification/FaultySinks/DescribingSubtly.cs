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

/// <summary>A configuration with a path, a list, a map and a part.</summary>
internal sealed record DeepConfig(MemoryBackend Backend, string Path, IReadOnlyList<string> Tags, Dictionary<string, string> Headers, Credentials Login);

/// <summary>Part of a configuration.</summary>
internal sealed record Credentials(string User, string Tenant);

/// <summary>Describes all of it; the faulty ones leave one thing out.</summary>
internal sealed class DescribesDeeply(DeepConfig config) : BackendSink(new SinkOptions(), config.Backend), IDescribedSink<DescribesDeeply, DeepConfig>
{
    public static SinkDescriptor BuildDescriptor(DeepConfig config) => new("memory", [config.Path], Key(config));

    public static DescribesDeeply Construct(DeepConfig config) => new(config);

    public static object?[] Key(DeepConfig config) =>
        [.. config.Tags, "|", .. config.Headers.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => $"{pair.Key}={pair.Value}"), "|", config.Login.User, config.Login.Tenant];
}

/// <summary>Takes two files of one name for one file.</summary>
internal sealed class DescribesTheFileNameOnly(DeepConfig config) : BackendSink(new SinkOptions(), config.Backend), IDescribedSink<DescribesTheFileNameOnly, DeepConfig>
{
    public static SinkDescriptor BuildDescriptor(DeepConfig config) => new("memory", [Path.GetFileName(config.Path)], DescribesDeeply.Key(config));

    public static DescribesTheFileNameOnly Construct(DeepConfig config) => new(config);
}

/// <summary>Looks at how many tags there are.</summary>
internal sealed class DescribesTheCountOfAList(DeepConfig config) : BackendSink(new SinkOptions(), config.Backend), IDescribedSink<DescribesTheCountOfAList, DeepConfig>
{
    public static SinkDescriptor BuildDescriptor(DeepConfig config) => new("memory", [config.Path], [config.Tags.Count, .. DescribesDeeply.Key(config with { Tags = [] })]);

    public static DescribesTheCountOfAList Construct(DeepConfig config) => new(config);
}

/// <summary>Looks at the names of the headers only.</summary>
internal sealed class DescribesTheKeysOfAMap(DeepConfig config) : BackendSink(new SinkOptions(), config.Backend), IDescribedSink<DescribesTheKeysOfAMap, DeepConfig>
{
    public static SinkDescriptor BuildDescriptor(DeepConfig config) =>
        new("memory", [config.Path], [.. config.Headers.Keys.Order(StringComparer.Ordinal), .. DescribesDeeply.Key(config with { Headers = [] })]);

    public static DescribesTheKeysOfAMap Construct(DeepConfig config) => new(config);
}

/// <summary>Forgets the tenant of the login.</summary>
internal sealed class DescribesHalfAPart(DeepConfig config) : BackendSink(new SinkOptions(), config.Backend), IDescribedSink<DescribesHalfAPart, DeepConfig>
{
    public static SinkDescriptor BuildDescriptor(DeepConfig config) => new("memory", [config.Path], DescribesDeeply.Key(config with { Login = config.Login with { Tenant = "" } }));

    public static DescribesHalfAPart Construct(DeepConfig config) => new(config);
}

/// <summary>Makes the directory of its file while it only describes it.</summary>
internal sealed class DescribesAndMakesADirectory(DeepConfig config) : BackendSink(new SinkOptions(), config.Backend), IDescribedSink<DescribesAndMakesADirectory, DeepConfig>
{
    public static SinkDescriptor BuildDescriptor(DeepConfig config)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(config.Path)!);
        return DescribesDeeply.BuildDescriptor(config);
    }

    public static DescribesAndMakesADirectory Construct(DeepConfig config) => new(config);
}
