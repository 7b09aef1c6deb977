using Mvx.Sink.Files;

namespace Mvx.Sink.Integration.Files;

public sealed class FileSinkDescriptorTests
{
    [Fact]
    public void The_full_path_is_the_resource_and_the_rest_the_configuration()
    {
        SinkDescriptor descriptor = FileSink.BuildDescriptor(new FileSinkConfig { Path = "logs/app.json", MaxFileSize = 5 });
        Assert.Equal("file", descriptor.SinkType);
        Assert.Equal([Path.GetFullPath("logs/app.json")], descriptor.ResourceKey);
        Assert.Contains("MaxFileSize=5", descriptor.ConfigKey);
        Assert.Equal(descriptor, FileSink.BuildDescriptor(new FileSinkConfig { Path = Path.GetFullPath("logs/../logs/app.json"), MaxFileSize = 5 }));
    }

    public static TheoryData<FileSinkConfig> Others()
    {
        var config = new FileSinkConfig { Path = "app.json" };
        return
        [
            config with { Path = "other.json" },
            config with { MaxFileSize = 1 },
            config with { RollDaily = true },
            config with { RetainedFiles = 1 },
            config with { FlushEvery = 1 },
            config with { FlushToDisk = true },
            config with { FallbackPath = "fallback.json" },
            config with { UndeliveredHandler = static (_, _) => { } },
            config with { Options = new SinkOptions { QueueMaxSize = 1 } },
        ];
    }

    [Theory]
    [MemberData(nameof(Others), DisableDiscoveryEnumeration = true)]
    public void R2_Every_setting_matters_to_the_descriptor(FileSinkConfig other) =>
        Assert.NotEqual(FileSink.BuildDescriptor(new FileSinkConfig { Path = "app.json" }), FileSink.BuildDescriptor(other));

    [Fact]
    public void R1_A_registry_gives_the_same_file_sink_for_the_same_configuration()
    {
        using var folder = new TemporaryFolder();
        using var registry = new SinkRegistry();
        var config = new FileSinkConfig { Path = folder.File("app.json") };
        FileSink first = registry.Configure<FileSink, FileSinkConfig>("app", config);
        Assert.Same(first, registry.Configure<FileSink, FileSinkConfig>("app", new FileSinkConfig { Path = folder.File("app.json") }));
        Assert.Throws<SinkConfigurationConflictException>(() => registry.Configure<FileSink, FileSinkConfig>("app", config with { RollDaily = true }));
        Assert.Equal(config.Path, first.Path);
    }
}
