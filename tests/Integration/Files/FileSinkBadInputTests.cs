using Mvx.Sink.Files;

namespace Mvx.Sink.Integration.Files;

public sealed class FileSinkBadInputTests
{
    [Fact]
    public void A_null_configuration_is_refused()
    {
        Assert.Equal("config", Assert.Throws<ArgumentNullException>(() => FileSink.BuildDescriptor(null!)).ParamName);
        Assert.Equal("config", Assert.Throws<ArgumentNullException>(() => new FileSink(null!)).ParamName);
    }

    [Fact]
    public void A_null_path_is_refused() =>
        Assert.Equal("Path", Assert.Throws<ArgumentNullException>(static () => new FileSinkConfig { Path = null! }).ParamName);

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a\0b")]
    public void An_empty_or_impossible_path_is_refused(string path)
    {
        var error = Assert.Throws<ArgumentException>(() => new FileSinkConfig { Path = path });
        Assert.Equal("Path", error.ParamName);
        Assert.Contains($"\"{path.Replace("\0", "\\0", StringComparison.Ordinal)}\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_is_a_directory_is_refused()
    {
        using var folder = new TemporaryFolder();
        foreach (string path in new[] { folder.Path, folder.Path + Path.DirectorySeparatorChar, folder.File("new") + Path.DirectorySeparatorChar })
        {
            var error = Assert.Throws<ArgumentException>(() => new FileSinkConfig { Path = path });
            Assert.Equal("Path", error.ParamName);
            Assert.Contains($"\"{path}\" is a directory; it must be the path of a file", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_path_that_became_a_directory_is_a_clear_failure_of_the_start()
    {
        using var folder = new TemporaryFolder();
        var config = new FileSinkConfig { Path = folder.File("app.json") };
        Directory.CreateDirectory(config.Path);
        AssertCannotOpen<UnauthorizedAccessException>(config);
    }

    [Fact]
    public void A_path_that_is_too_long_is_refused()
    {
        string name = new('n', 240);
        string deep = Path.Combine(Path.GetTempPath(), Path.Combine([.. Enumerable.Repeat(new string('d', 200), OperatingSystem.IsWindows() ? 170 : 21)]), "app.json");
        foreach (string path in new[] { name, deep })
        {
            var error = Assert.Throws<ArgumentException>(() => new FileSinkConfig { Path = path });
            Assert.Equal("Path", error.ParamName);
            Assert.Contains($"\"{path}\" is too long", error.Message, StringComparison.Ordinal);
            Assert.IsType<PathTooLongException>(error.InnerException);
        }
    }

    [UnixFact]
    public void The_longest_path_that_is_accepted_can_be_written_and_rolled()
    {
        using var folder = new TemporaryFolder();
        string name = new string('é', 113) + ".json";
        Assert.Equal(231, System.Text.Encoding.UTF8.GetByteCount(name));
        FileSinks.Write(new FileSinkConfig { Path = folder.File(name), MaxFileSize = 1 }, "one", "two");
        Assert.Equal(2, folder.Names().Count);
    }

    [MountFact]
    public void A_folder_that_cannot_be_written_is_a_clear_failure_of_the_start()
    {
        using SmallDisk disk = SmallDisk.ReadOnly();
        AssertCannotOpen<IOException>(new FileSinkConfig { Path = disk.File("app.json") });
    }

    [Fact]
    public void A_folder_that_is_a_file_is_a_clear_failure_of_the_start()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("file"), "");
        AssertCannotOpen<IOException>(new FileSinkConfig { Path = folder.File("file/app.json") });
    }

    [UnixFact]
    public void A_folder_of_the_kernel_is_a_clear_failure_of_the_start()
    {
        if (OperatingSystem.IsLinux())
            AssertCannotOpen<Exception>(new FileSinkConfig { Path = "/proc/mvx-sink.json" });
    }

    [Fact]
    public void A_fallback_path_is_held_to_the_same_rules() =>
        Assert.Equal("FallbackPath", Assert.Throws<ArgumentException>(static () => new FileSinkConfig { Path = "app.json", FallbackPath = "" }).ParamName);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Numbers_below_one_are_refused(int value)
    {
        AssertRefused("MaxFileSize", value, () => new FileSinkConfig { Path = "app.json", MaxFileSize = value });
        AssertRefused("RetainedFiles", value, () => new FileSinkConfig { Path = "app.json", RetainedFiles = value });
        AssertRefused("FlushEvery", value, () => new FileSinkConfig { Path = "app.json", FlushEvery = value });
    }

    [Theory]
    [InlineData(1_000_001)]
    [InlineData(int.MaxValue)]
    public void More_events_per_write_than_there_could_be_room_for_are_refused(int value)
    {
        AssertRefused("FlushEvery", value, () => new FileSinkConfig { Path = "app.json", FlushEvery = value });
        Assert.Equal(1_000_000, new FileSinkConfig { Path = "app.json", FlushEvery = 1_000_000 }.FlushEvery);
    }

    [Fact]
    public void A_fallback_that_is_the_file_itself_is_refused()
    {
        var config = new FileSinkConfig { FallbackPath = "./app.json", Path = "app.json" };
        var error = Assert.Throws<ArgumentException>(() => FileSink.BuildDescriptor(config));
        Assert.Equal("FallbackPath", error.ParamName);
        Assert.Contains("is Path itself", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new FileSink(config));
    }

    [UnixFact]
    public void A_fallback_that_is_the_file_itself_through_a_link_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.File("link.json"), "app.json");
        Assert.Throws<ArgumentException>(() => FileSink.BuildDescriptor(new FileSinkConfig { Path = folder.File("app.json"), FallbackPath = folder.File("link.json") }));
    }

    [Fact]
    public void Options_that_contradict_the_configuration_are_refused()
    {
        Assert.Equal("Options", Assert.Throws<ArgumentNullException>(static () => new FileSinkConfig { Path = "app.json", Options = null! }).ParamName);
        var error = Assert.Throws<ArgumentException>(static () => new FileSinkConfig { Path = "app.json", Options = new SinkOptions { MaxBatchSize = 5 } });
        Assert.Equal("Options", error.ParamName);
        Assert.Contains("set that instead", error.Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(string argument, object value, Func<FileSinkConfig> create)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(create);
        Assert.Equal(argument, error.ParamName);
        Assert.Equal(value, Convert.ToInt32(error.ActualValue, System.Globalization.CultureInfo.InvariantCulture));
    }

    private static void AssertCannotOpen<TCause>(FileSinkConfig config)
        where TCause : Exception
    {
        var refused = Assert.Throws<SinkCreationException>(() => FileSinks.Create(config));
        var error = Assert.IsType<FileSinkException>(Assert.IsType<OnStartingHookFailedException>(refused.InnerException).InnerException);
        Assert.StartsWith($"Path \"{config.Path}\" cannot be opened for writing: ", error.Message, StringComparison.Ordinal);
        Assert.Equal(config.Path, error.Path);
        Assert.IsAssignableFrom<TCause>(error.InnerException);
        Assert.Contains(config.Path, refused.Message, StringComparison.Ordinal);
    }
}
