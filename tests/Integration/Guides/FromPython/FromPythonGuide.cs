using System.Reflection;
using System.Text.RegularExpressions;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Guides.FromPython;

/// <summary>docs/guide/from-python.md: its snippets run, its names exist, and what it says of the differences holds.</summary>
public sealed partial class FromPythonGuide
{
    private const string Guide = "docs/guide/from-python.md";

    private static readonly Type[] _types = [.. typeof(ISinkLifecycle).Assembly.GetExportedTypes(), .. typeof(SinkState).Assembly.GetExportedTypes()];

    [Fact]
    public void A_sink_is_created_with_its_terminator()
    {
        var config = new StreamConfig(new Uri("stream://here"), nameof(A_sink_is_created_with_its_terminator));
        LogEvent item = LogEvent.Create(LogEventLevel.Information, "order.placed");

        // <create>
        var (sink, terminate) = SinkRuntime.Create(() => new StreamSink(config));
        sink.Log(item);
        terminate();
        // </create>

        Assert.Equal(["order.placed"], StreamClient.Read(config.Target, config.Stream));
    }

    [Fact]
    public void A_sink_is_configured_by_name()
    {
        var target = new Uri("stream://here");

        // <configure>
        using var registry = new SinkRegistry();
        StreamSink sink = registry.Configure<StreamSink, StreamConfig>("audit", new StreamConfig(target, "audit"));
        // </configure>

        Assert.Same(sink, registry.Configure<StreamSink, StreamConfig>("audit", new StreamConfig(target, "audit")));
        Assert.Throws<SinkConfigurationConflictException>(() => registry.Configure<StreamSink, StreamConfig>("audit", new StreamConfig(target, "other")));
    }

    [Fact]
    public async Task Handles_are_awaited_or_waited_for()
    {
        using var loop = new SinkLoop();
        var config = new StreamConfig(new Uri("stream://here"), "handles");

        // <handles>
        StreamSink sink = await loop.InvokeAsync(() => new StreamSink(config)); // on the loop, as in Python
        SinkOperationResult started = await sink.Start();
        SinkOperationResult stopped = sink.Stop().Wait();
        if (!stopped.Success)
            throw stopped.Error!;
        // </handles>

        Assert.True(started.Success);
        Assert.Equal((SinkOperation.Stop, true, null), (stopped.Operation, stopped.Success, stopped.Error));
    }

    [Fact]
    public void Errors_carry_their_reason_and_its_code()
    {
        var config = new StreamConfig(new Uri("stream://here"), "errors");
        var (sink, terminate) = SinkRuntime.Create(() => new StreamSink(config));
        terminate();
        LogEvent item = LogEvent.Create(LogEventLevel.Information, "late");
        string told = "";
        void Warn(string text) => told = text;

        // <errors>
        try
        {
            sink.Log(item);
        }
        catch (SinkException error) when (error.Reason == SinkErrorReason.InvalidLogSinkState)
        {
            Warn($"{error.Code}: {error.Message}");
        }
        // </errors>

        Assert.StartsWith("INVALID_LOG_SINK_STATE: ", told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_create_that_fails_keeps_the_cause()
    {
        var config = new StreamConfig(new Uri("stream://nowhere"), "cause");
        var error = Assert.Throws<SinkCreationException>(() => SinkRuntime.Create(() => new StreamSink(config)));
        Assert.IsType<IOException>(Assert.IsType<OnStartingHookFailedException>(error.InnerException).InnerException);
    }

    [Fact]
    public void Direct_construction_needs_a_loop() => Assert.Null(Patience.OnOwnThread(static () =>
        Assert.Throws<EventLoopUnavailableException>(static () => new StreamSink(new StreamConfig(new Uri("stream://here"), "loop")))));

    [Fact]
    public void A_stop_that_loses_events_is_a_failure_with_the_events_handed_over()
    {
        var dispatch = new Checkpoint();
        ManagedSink<ScriptedSink> managed = HostedSink.Create(sink => sink.Dispatching = async (_, token) =>
        {
            await dispatch.PassAsync(token);
            throw new IOException("disk full");
        });
        managed.Sink.Log("a");
        managed.Sink.Log("b");
        dispatch.UntilReached();
        SinkWaitHandle stop = managed.Sink.Stop();
        dispatch.Open();
        Assert.IsType<UnexpectedSinkException>(stop.Result().Error);
        Assert.Equal(SinkState.Failure, managed.Sink.State);
        Assert.Equal(["b"], managed.Sink.HandedOver);
        managed.Dispose();
    }

    [Fact]
    public void Every_name_on_the_right_exists()
    {
        string[] names = [.. Rows().SelectMany(static row => Name().Matches(row.Ours).Select(static match => match.Groups["name"].Value))];
        Assert.NotEmpty(names);
        Assert.All(names, static name => Assert.True(Exists(name), $"There is no {name}."));
    }

    [Fact]
    public void The_codes_are_the_same()
    {
        (string Python, string Ours)[] codes = [.. Rows().Where(static row => row.Python.StartsWith("`EVENT_LOOP", StringComparison.Ordinal) || Code().IsMatch(row.Python))];
        Assert.Equal(
            Enum.GetValues<SinkErrorReason>().Select(static reason => ($"`{SinkErrorReasons.Code(reason)}`", $"`{reason}`")),
            codes.Select(static row => (row.Python, row.Ours.Split(',')[0].Trim())));
    }

    private static IEnumerable<(string Python, string Ours)> Rows() => Repository.Read(Guide).Split('\n')
        .Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(static line => line.Split('|', StringSplitOptions.TrimEntries))
        .Select(static cells => (cells[1], cells[2]));

    private static bool Exists(string name) => name.Split('.') is [var type, var member]
        ? Array.Exists(_types, candidate => Plain(candidate) == type && Has(candidate, member))
        : Array.Exists(_types, candidate => Plain(candidate) == name || Has(candidate, name));

    private static bool Has(Type type, string member) =>
        type.GetMember(member, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static).Length > 0;

    private static string Plain(Type type) => type.Name.Split('`')[0];

    [GeneratedRegex(@"`(?<name>[A-Z]\w+(\.[A-Z]\w+)?)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex("^`[A-Z]+(_[A-Z]+)+`$", RegexOptions.CultureInvariant)]
    private static partial Regex Code();
}
