using System.Runtime.CompilerServices;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Errors;

public sealed class LogEventTests
{
    private static readonly DateTimeOffset _when = new(2024, 5, 6, 7, 8, 9, TimeSpan.FromHours(2));

    [Fact]
    public void A7_Only_level_name_and_timestamp_are_required()
    {
        var item = new LogEvent { Level = LogEventLevel.Warning, Name = "disk.full", Timestamp = _when };
        Assert.Equal((LogEventLevel.Warning, "disk.full", _when), (item.Level, item.Name, item.Timestamp));
        Assert.Equal((null, null, null, null, null), (item.Namespace, item.Type, item.Outcome, item.EntityId, item.Message));
        Assert.Equal((null, null, 0, null), (item.Exception, item.SourcePath, item.SourceLine, item.SourceMember));
        Assert.Empty(item.Payload);
        string[] required = [.. typeof(LogEvent).GetProperties().Where(static p => p.IsDefined(typeof(RequiredMemberAttribute), false)).Select(static p => p.Name).Order()];
        Assert.Equal(["Level", "Name", "Timestamp"], required);
    }

    [Fact]
    public void A7_Levels_have_the_numbers_of_Python() => Assert.Equal(
        [("None", 0), ("Debug", 10), ("Information", 20), ("Warning", 30), ("Error", 40), ("Critical", 50)],
        Enum.GetValues<LogEventLevel>().Select(static level => (level.ToString(), (int)level)));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(15)]
    [InlineData(60)]
    public void A7_A_level_that_is_none_is_refused_and_shown(int level)
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => new LogEvent { Level = (LogEventLevel)level, Name = "x", Timestamp = _when });
        Assert.Equal("Level", error.ParamName);
        Assert.Equal((LogEventLevel)level, error.ActualValue);
        Assert.Contains("Information (20)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A7_A_missing_name_or_payload_names_the_property()
    {
        Assert.Equal("Name", Assert.Throws<ArgumentNullException>(static () => new LogEvent { Level = LogEventLevel.Debug, Name = null!, Timestamp = _when }).ParamName);
        Assert.Equal("Name", Assert.Throws<ArgumentException>(static () => new LogEvent { Level = LogEventLevel.Debug, Name = "", Timestamp = _when }).ParamName);
        Assert.Equal("Payload", Assert.Throws<ArgumentNullException>(static () => new LogEvent { Level = LogEventLevel.Debug, Name = "x", Timestamp = _when, Payload = null! }).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(static () => LogEvent.Create(LogEventLevel.None, "x"));
    }

    [Fact]
    public void A7_The_payload_is_captured_at_creation()
    {
        var values = new Dictionary<string, object?> { ["b"] = 1, ["a"] = null };
        LogEvent item = Event() with { Payload = values };
        values["b"] = 2;
        values["c"] = 3;
        Assert.Equal(2, item.Payload.Count);
        Assert.Equal(1, item.Payload["b"]);
        Assert.Equal(["b", "a"], item.Payload.Keys);
        Assert.Equal([1, null], item.Payload.Values);
        Assert.Equal([new("b", 1), new("a", null)], item.Payload);
        Assert.True(item.Payload.ContainsKey("a"));
        Assert.True(item.Payload.TryGetValue("a", out object? nothing));
        Assert.Null(nothing);
        Assert.False(item.Payload.ContainsKey("A"));
        Assert.False(item.Payload.TryGetValue("c", out _));
        Assert.Contains("\"c\"", Assert.Throws<KeyNotFoundException>(() => item.Payload["c"]).Message, StringComparison.Ordinal);
        Assert.False(item.Payload is IDictionary<string, object?>);
        Assert.Same(item.Payload, (item with { Name = "y" }).Payload);
    }

    [Fact]
    public void A7_A_copy_with_something_else_leaves_the_original_as_it_is()
    {
        LogEvent original = Event() with { Type = "request", Outcome = "success", EntityId = "42", SourcePath = "a.cs", SourceLine = 7, SourceMember = "M" };
        LogEvent copy = original with { Type = null, Outcome = "failure", SourceLine = 0 };
        LogEvent other = original with { Message = "other" };
        Assert.Equal(("request", "success", "42", "a.cs", 7, "M"), (original.Type, original.Outcome, original.EntityId, original.SourcePath, original.SourceLine, original.SourceMember));
        Assert.Equal((null, "failure", "42", "a.cs", 0, "M"), (copy.Type, copy.Outcome, copy.EntityId, copy.SourcePath, copy.SourceLine, copy.SourceMember));
        Assert.Equal((original.Type, original.SourceLine, original.SourceMember), (other.Type, other.SourceLine, other.SourceMember));
        Assert.NotEqual(original, copy);
        Assert.Equal(original, copy with { Type = "request", Outcome = "success", SourceLine = 7 });
    }

    [Fact]
    public void A7_Events_are_equal_by_value_payload_included()
    {
        LogEvent left = Event() with { Payload = Values(("a", 1), ("b", "x")) };
        LogEvent right = Event() with { Payload = Values(("b", "x"), ("a", 1)) };
        Assert.Equal(left, right);
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        Assert.NotEqual(left, left with { Payload = Values(("a", 1)) });
        Assert.NotEqual(left, left with { Payload = Values(("a", 1), ("b", "y")) });
        Assert.NotEqual(left, left with { Payload = Values(("a", 1), ("c", "x")) });
        Assert.NotEqual(left, left with { Message = "other" });
        Assert.NotEqual(left, left with { Timestamp = _when.AddTicks(1) });
        Assert.False(left.Payload.Equals(null));
        Assert.Equal(Event(), Event() with { Payload = new Dictionary<string, object?>() });

        static Dictionary<string, object?> Values(params (string Key, object? Value)[] items) => items.ToDictionary(static i => i.Key, static i => i.Value);
    }

    [Fact]
    public void A7_Create_knows_where_it_was_called_and_when()
    {
        var thrown = new IOException();
        LogEvent item = LogEvent.Create(LogEventLevel.Error, "x", message: "m", payload: new Dictionary<string, object?> { ["k"] = 1 }, exception: thrown);
        Assert.EndsWith("LogEventTests.cs", item.SourcePath, StringComparison.Ordinal);
        Assert.Equal(nameof(A7_Create_knows_where_it_was_called_and_when), item.SourceMember);
        Assert.True(item.SourceLine > 0);
        Assert.Equal(DateTimeOffset.UtcNow, item.Timestamp, TimeSpan.FromMinutes(1));
        Assert.Equal(("m", 1), (item.Message, item.Payload["k"]));
        Assert.Same(thrown, item.Exception);
        Assert.Equal(_when, LogEvent.Create(LogEventLevel.Error, "x", _when).Timestamp);
    }

    [Fact]
    public void A7_A_log_sink_gets_the_very_same_event()
    {
        using ManagedSink<EventSink> managed = SinkRuntime.Create(static () => new EventSink());
        LogEvent item = Event() with { Namespace = "n", Type = "t", Outcome = "o", EntityId = "e", SourcePath = "p", SourceLine = 3, SourceMember = "m" };
        ((ISink<LogEvent>)managed.Sink).Log(item);
        managed.Terminate();
        Assert.Same(item, Assert.Single(managed.Sink.Seen));
        Assert.Equal("item", Assert.Throws<ArgumentNullException>(() => managed.Sink.Log(null!)).ParamName);
    }

    private static LogEvent Event() => new() { Level = LogEventLevel.Information, Name = "x", Timestamp = _when };

    private sealed class EventSink : AsyncLogSink
    {
        public List<LogEvent> Seen { get; } = [];

        protected override ValueTask DispatchAsync(LogEvent item, CancellationToken cancellationToken)
        {
            Seen.Add(item);
            return ValueTask.CompletedTask;
        }
    }
}
