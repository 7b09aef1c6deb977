using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Registry;

public sealed class ConfigureTests : IDisposable
{
    private readonly SinkRegistry _registry = new();

    public void Dispose() => _registry.Dispose();

    [Fact]
    public void R1_The_same_name_and_an_equal_descriptor_give_the_same_instance_and_create_nothing()
    {
        var first = new DescribedConfig("file", 1, "two");
        var second = new DescribedConfig("file", 1, "two");
        DescribedSink sink = Configure("app", first);
        Assert.Equal(SinkState.Running, sink.State);
        Assert.Same(sink, Configure("app", second));
        Assert.Same(sink, Configure("app", first));
        Assert.Equal((1, 0), (first.Constructed, second.Constructed));
        Assert.Equal(["app"], _registry.Names);
    }

    [Fact]
    public void R1_Names_are_distinct_by_case_and_the_sinks_of_two_names_are_two()
    {
        DescribedSink lower = Configure("app"), upper = Configure("App");
        Assert.NotSame(lower, upper);
        Assert.NotSame(lower.Thread, upper.Thread);
        Assert.Equal(["app", "App"], _registry.Names);
    }

    [Fact]
    public void R1_A_sink_that_failed_is_still_the_sink_of_its_name()
    {
        var config = new DescribedConfig("x") { Dispatching = static (_, _) => throw new IOException("gone") };
        DescribedSink sink = Configure("app", config);
        sink.Log("a");
        Patience.Until(() => sink.State == SinkState.Failure, "The sink fails");
        Assert.Same(sink, Configure("app", config));
        Assert.True(_registry.Close("app"));
        Assert.NotSame(sink, Configure("app"));
    }

    [Fact]
    public void R1_A_dispatch_that_configures_its_own_name_gets_itself_even_while_it_is_being_closed()
    {
        DescribedSink? fromInside = null;
        var gate = new GatedHook();
        DescribedConfig? config = null;
        config = new DescribedConfig("x")
        {
            Stopped = async token =>
            {
                await gate.Obedient(token);
                fromInside = Configure("app", config!);
            },
        };
        DescribedSink sink = Configure("app", config);
        Task<bool> closing = Task.Factory.StartNew(() => _registry.Close("app"), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        gate.WaitUntilEntered();
        gate.Open();
        Assert.True(Patience.Finish(closing, "The sink is closed"));
        Assert.Same(sink, fromInside);
    }

    [Fact]
    public void R2_The_same_name_with_another_descriptor_is_a_conflict_that_shows_both()
    {
        DescribedSink sink = Configure("app", new DescribedConfig("here", 1));
        var requested = new DescribedConfig("there", 2);
        SinkConfigurationConflictException error = Assert.Throws<SinkConfigurationConflictException>(() => Configure("app", requested));
        Assert.Equal("app", error.SinkName);
        Assert.Equal(new SinkDescriptor("described", ["here"], [1]), error.Existing);
        Assert.Equal(new SinkDescriptor("described", ["there"], [2]), error.Requested);
        Assert.Contains("""described ["here"] [1]""", error.Message, StringComparison.Ordinal);
        Assert.Contains("""described ["there"] [2]""", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"app\"", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, requested.Constructed);
        Assert.Equal(SinkState.Running, sink.State);
        Assert.Same(sink, Configure("app", new DescribedConfig("here", 1)));
    }

    [Fact]
    public void R2_Another_sink_type_under_the_same_name_is_a_conflict_even_with_an_equal_descriptor()
    {
        Configure("app", new DescribedConfig("x") { Describing = static () => new SinkDescriptor("foreign", [], []) });
        Assert.Throws<SinkConfigurationConflictException>(() => _registry.Configure<ForeignLifecycle, ForeignLifecycle>("app", new ForeignLifecycle()));
    }

    [Fact]
    public void R2_A_list_that_changes_after_configuring_does_not_hide_the_conflict()
    {
        List<object?> headers = ["a"];
        DescribedSink sink = Configure("app", new DescribedConfig("x", headers));
        headers.Add("b");
        Assert.Throws<SinkConfigurationConflictException>(() => Configure("app", new DescribedConfig("x", headers)));
        headers.Remove("b");
        Assert.Same(sink, Configure("app", new DescribedConfig("x", headers)));
    }

    [Fact]
    public void R3_A_BuildDescriptor_that_throws_is_wrapped_with_the_name_and_nothing_is_created()
    {
        var cause = new FormatException("no path");
        var config = new DescribedConfig("x") { Describing = () => throw cause };
        SinkDescriptorBuildException error = Assert.Throws<SinkDescriptorBuildException>(() => Configure("app", config));
        Assert.Equal("app", error.SinkName);
        Assert.Same(cause, error.InnerException);
        Assert.Contains("\"app\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("no path", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, config.Constructed);
        Assert.Empty(_registry.Names);
    }

    [Fact]
    public void R3_A_BuildDescriptor_that_returns_null_is_told_so()
    {
        SinkDescriptorBuildException error = Assert.Throws<SinkDescriptorBuildException>(() => Configure("app", new DescribedConfig("x") { Describing = static () => null }));
        Assert.Null(error.InnerException);
        Assert.Contains("returned null", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"app\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void R3_The_descriptor_is_built_before_the_sink_is_constructed()
    {
        var order = new List<string>();
        Configure("app", new DescribedConfig("x")
        {
            Describing = () => { order.Add("describe"); return new SinkDescriptor("t", [], []); },
            Constructing = () => order.Add("construct"),
            Starting = _ => { order.Add("start"); return ValueTask.CompletedTask; },
        });
        Assert.Equal(["describe", "construct", "start"], order);
    }

    [Fact]
    public void R3_A_construction_that_throws_is_wrapped_with_the_name_and_the_name_stays_free()
    {
        var cause = new IOException("no disk");
        Thread? thread = null;
        SinkCreationException error = Assert.Throws<SinkCreationException>(() => Configure("app", new DescribedConfig("x")
        {
            Constructing = () => { thread = Thread.CurrentThread; throw cause; },
        }));
        Assert.Same(cause, error.InnerException);
        Assert.Contains("\"app\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("no disk", error.Message, StringComparison.Ordinal);
        Assert.False(thread!.IsAlive);
        Assert.Empty(_registry.Names);
        Assert.False(_registry.Close("app"));
        Assert.Equal(SinkState.Running, Configure("app").State);
    }

    [Fact]
    public void R3_A_start_that_fails_is_wrapped_with_the_name()
    {
        SinkCreationException error = Assert.Throws<SinkCreationException>(() => Configure("app", new DescribedConfig("x") { Starting = static _ => throw new IOException("no disk") }));
        Assert.IsType<OnStartingHookFailedException>(error.InnerException);
        Assert.Contains("\"app\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void R3_A_Create_of_the_sinks_own_that_throws_or_returns_null_is_wrapped_with_the_name()
    {
        var cause = new NotSupportedException("not today");
        SinkCreationException thrown = Assert.Throws<SinkCreationException>(() =>
            _registry.Configure<ForeignLifecycle, ForeignLifecycle>("app", new ForeignLifecycle { Creating = () => throw cause }));
        Assert.Same(cause, thrown.InnerException);
        Assert.Contains("\"app\"", thrown.Message, StringComparison.Ordinal);

        SinkCreationException missing = Assert.Throws<SinkCreationException>(() =>
            _registry.Configure<ForeignLifecycle, ForeignLifecycle>("app", new ForeignLifecycle { Creating = static () => null }));
        Assert.IsType<InvalidOperationException>(missing.InnerException);
        Assert.Contains("returned null", missing.Message, StringComparison.Ordinal);
        Assert.Empty(_registry.Names);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("1app")]
    [InlineData("_app")]
    [InlineData("-app")]
    [InlineData("my app")]
    [InlineData("app.log")]
    [InlineData("app/log")]
    [InlineData("app\n")]
    [InlineData("\napp")]
    [InlineData("äpp")]
    [InlineData("appé")]
    [InlineData("app１")]
    public void R5_A_malformed_name_is_refused_and_shown(string name)
    {
        var config = new DescribedConfig("x") { Describing = static () => throw new InvalidDataException("not asked") };
        ArgumentException error = Assert.Throws<ArgumentException>(() => Configure(name, config));
        Assert.Equal("name", error.ParamName);
        Assert.Contains($"\"{name}\"", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("Z")]
    [InlineData("app-1_b")]
    [InlineData("A-")]
    [InlineData("a0123456789_________-----------------------------------------------------------------------------------zzzz")]
    public void R5_A_well_formed_name_is_taken(string name) => Assert.Equal(SinkState.Running, Configure(name).State);

    [Fact]
    public void R5_A_missing_name_or_configuration_names_the_argument()
    {
        Assert.Equal("name", Assert.Throws<ArgumentNullException>(() => Configure(null!)).ParamName);
        Assert.Equal("config", Assert.Throws<ArgumentNullException>(() => Configure("app", null!)).ParamName);
        Assert.Equal("name", Assert.Throws<ArgumentNullException>(() => _registry.Close(null!)).ParamName);
        Assert.Equal("name", Assert.Throws<ArgumentNullException>(() => _registry.TryGet<DescribedSink>(null!, out _)).ParamName);
    }

    [Fact]
    public void R1_TryGet_finds_by_name_and_type()
    {
        DescribedSink sink = Configure("app");
        Assert.True(_registry.TryGet("app", out DescribedSink? found));
        Assert.Same(sink, found);
        Assert.True(_registry.TryGet("app", out ISinkLifecycle? lifecycle));
        Assert.Same(sink, lifecycle);
        Assert.False(_registry.TryGet("app", out ScriptedSink? wrong));
        Assert.Null(wrong);
        Assert.False(_registry.TryGet("other", out DescribedSink? none));
        Assert.Null(none);
    }

    private DescribedSink Configure(string name, DescribedConfig? config) => _registry.Configure<DescribedSink, DescribedConfig>(name, config!);

    private DescribedSink Configure(string name) => Configure(name, new DescribedConfig("x"));

    [Theory]
    [InlineData("construction")]
    [InlineData("start")]
    public void R6_Configuring_or_closing_a_sink_from_within_its_own_creation_is_an_error_and_no_deadlock(string place)
    {
        using var registry = new SinkRegistry();
        Exception? configuring = null;
        Exception? closing = null;
        void Try()
        {
            configuring = Record.Exception(() => registry.Configure<DescribedSink, DescribedConfig>("self", new DescribedConfig("x")));
            closing = Record.Exception(() => registry.Close("self"));
        }

        DescribedConfig config = place == "construction"
            ? new DescribedConfig("x") { Constructing = Try }
            : new DescribedConfig("x")
            {
                Starting = _ =>
                {
                    Try();
                    return ValueTask.CompletedTask;
                },
            };
        Assert.Null(Patience.OnOwnThread(() => registry.Configure<DescribedSink, DescribedConfig>("self", config)));
        Assert.Contains("\"self\"", Assert.IsType<InvalidOperationException>(configuring).Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(closing);
        Assert.True(registry.Close("self"));
    }

    [Fact]
    public void R6_Two_sinks_whose_creations_wait_for_each_other_are_an_error_and_no_deadlock()
    {
        using var registry = new SinkRegistry();
        using var both = new Barrier(2);
        var errors = new Exception?[2];
        void Cross(int own)
        {
            both.SignalAndWait(Patience.Bound);
            errors[own] = Record.Exception(() => registry.Configure<DescribedSink, DescribedConfig>(own == 0 ? "b" : "a", new DescribedConfig("x")));
        }

        Patience.Together(2, own => Record.Exception(() =>
            registry.Configure<DescribedSink, DescribedConfig>(own == 0 ? "a" : "b", new DescribedConfig("x") { Constructing = () => Cross(own) })));
        Assert.Contains(errors, static error => error is InvalidOperationException);
        registry.Reset();
    }

    [Fact]
    public void R1_A_sink_without_a_namespace_goes_by_its_name_in_the_registry()
    {
        using var registry = new SinkRegistry();
        DescribedSink sink = registry.Configure<DescribedSink, DescribedConfig>("audit", new DescribedConfig("x"));
        Assert.StartsWith("audit (", sink.ToString(), StringComparison.Ordinal);
        Assert.Equal("Mvx.Sink: audit", sink.Thread.Name);
    }
}
