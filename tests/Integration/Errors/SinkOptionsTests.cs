namespace Mvx.Sink.Integration.Errors;

public sealed class SinkOptionsTests
{
    [Fact]
    public void A9_The_defaults_are_ten_thousand_events_errors_and_the_systems_clock()
    {
        var options = new SinkOptions();
        Assert.Null(options.Namespace);
        Assert.Null(options.QueueMaxSize);
        Assert.Equal(10_000, SinkOptions.DefaultQueueMaxSize);
        Assert.Equal(QueueOverflowPolicy.RaiseError, options.OverflowPolicy);
        Assert.Same(TimeProvider.System, options.TimeProvider);
        Assert.Equal(new SinkOptions(), options);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void A9_A_limit_below_one_is_refused_and_shown(int size)
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => new SinkOptions { QueueMaxSize = size });
        Assert.Equal("QueueMaxSize", error.ParamName);
        Assert.Equal(size, error.ActualValue);
        Assert.Contains("at least 1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void A9_A_limit_of_one_or_more_is_taken(int size) => Assert.Equal(size, new SinkOptions { QueueMaxSize = size }.QueueMaxSize);

    [Theory]
    [InlineData(4)]
    [InlineData(-1)]
    public void A3_An_undefined_policy_is_refused_and_shown(int policy)
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => new SinkOptions { OverflowPolicy = (QueueOverflowPolicy)policy });
        Assert.Equal("OverflowPolicy", error.ParamName);
        Assert.Equal((QueueOverflowPolicy)policy, error.ActualValue);
        Assert.Contains("RaiseError, Drop", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    public void P3_A_blank_namespace_is_refused_and_shown(string name)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new SinkOptions { Namespace = name });
        Assert.Equal("Namespace", error.ParamName);
        Assert.Contains($"\"{name}\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void O1_A_missing_clock_is_refused_and_the_default_named()
    {
        ArgumentNullException error = Assert.Throws<ArgumentNullException>(static () => new SinkOptions { TimeProvider = null! });
        Assert.Equal("TimeProvider", error.ParamName);
        Assert.Contains("TimeProvider.System", error.Message, StringComparison.Ordinal);
    }
}
