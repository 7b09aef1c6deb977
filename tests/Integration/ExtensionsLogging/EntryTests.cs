using System.Text;
using Microsoft.Extensions.Logging;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.ExtensionsLogging;

public sealed partial class EntryTests
{
    [Fact]
    public async Task An_entry_becomes_an_event()
    {
        using var fixture = new LoggerFixture();
        var error = new InvalidOperationException("no");
        DateTimeOffset before = DateTimeOffset.UtcNow;
        fixture.Logger.LogWarning(new EventId(7, "order.refused"), error, "Order {OrderId} refused for {Customer}", 42, "ann");
        LogEvent entry = await fixture.SingleAsync();
        Assert.Equal(LogEventLevel.Warning, entry.Level);
        Assert.Equal("Shop.Orders", entry.Namespace);
        Assert.Equal("order.refused", entry.Name);
        Assert.Equal("Order 42 refused for ann", entry.Message);
        Assert.Same(error, entry.Exception);
        Assert.InRange(entry.Timestamp, before, DateTimeOffset.UtcNow);
        Assert.Equal(42, entry.Payload["OrderId"]);
        Assert.Equal("ann", entry.Payload["Customer"]);
        Assert.Equal(7, entry.Payload["EventId"]);
        Assert.Equal("Order {OrderId} refused for {Customer}", entry.Payload["{OriginalFormat}"]);
    }

    [Theory]
    [InlineData(LogLevel.Trace, LogEventLevel.Debug)]
    [InlineData(LogLevel.Debug, LogEventLevel.Debug)]
    [InlineData(LogLevel.Information, LogEventLevel.Information)]
    [InlineData(LogLevel.Warning, LogEventLevel.Warning)]
    [InlineData(LogLevel.Error, LogEventLevel.Error)]
    [InlineData(LogLevel.Critical, LogEventLevel.Critical)]
    public async Task Levels_map(LogLevel level, LogEventLevel expected)
    {
        using var fixture = new LoggerFixture();
        fixture.Logger.Log(level, "x");
        Assert.Equal(expected, (await fixture.SingleAsync()).Level);
    }

    [Fact]
    public async Task An_entry_without_a_name_is_named_by_its_template_and_without_that_by_its_category()
    {
        using var fixture = new LoggerFixture();
        fixture.Logger.LogInformation("Order {OrderId}", 1);
        fixture.Logger.Log(LogLevel.Information, default, 5, null, static (state, _) => $"five {state}");
        fixture.Factory.CreateLogger("").Log(LogLevel.Information, default, 5, null, static (_, _) => "");
        LogEvent[] events = await fixture.EventsAsync();
        Assert.Equal(["Order {OrderId}", "Shop.Orders", "log"], events.Select(entry => entry.Name));
        Assert.Equal("five 5", events[1].Message);
    }

    [Fact]
    public async Task Generated_messages_say_what_they_say_elsewhere()
    {
        using var fixture = new LoggerFixture();
        Two(fixture.Logger, 42, "ann");
        None(fixture.Logger);
        Seven(fixture.Logger, 1, 2, 3, 4, 5, 6, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        Mutable(fixture.Logger, [1, 2]);
        LogEvent[] events = await fixture.EventsAsync();
        Assert.Equal(["Order 42 placed by ann", "Ready", "1 2 3 4 5 6 01/02/2026 03:04:05", "Items 1, 2"], events.Select(entry => entry.Message));
        Assert.Equal(["Two", "None", "Seven", "Mutable"], events.Select(entry => entry.Name));
        Assert.Equal(["OrderId", "Customer", "{OriginalFormat}", "EventId"], events[0].Payload.Keys);
        Assert.Equal([42, "ann", "Order {OrderId} placed by {Customer}", 17], events[0].Payload.Values);
        Assert.Equal(9, events[2].Payload.Count);
    }

    [Fact]
    public async Task What_becomes_of_an_argument_after_the_call_does_not_show()
    {
        using var fixture = new LoggerFixture();
        using var hold = new ManualResetEventSlim();
        fixture.Sink.Dispatching = (_, _) =>
        {
            hold.Wait(CancellationToken.None);
            return ValueTask.CompletedTask;
        };
        var list = new List<object> { 1, new List<int> { 2 } };
        var map = new Dictionary<string, object?> { ["a"] = 1 };
        var text = new StringBuilder("before");
        byte[] bytes = [1];
        object[] arguments = ["before"];
        fixture.Logger.LogInformation("{List} {Map} {Text} {Bytes}", list, map, text, bytes);
        fixture.Logger.LogInformation("reused {Argument}", arguments);
        int[] items = [1];
        Mutable(fixture.Logger, items);
        list.Clear();
        map["a"] = 2;
        text.Clear().Append("after");
        bytes[0] = 9;
        arguments[0] = "after";
        items[0] = 9;
        hold.Set();
        LogEvent[] events = await fixture.EventsAsync();
        Assert.StartsWith("1, System.Collections.Generic.List`1[System.Int32] [a, 1] before 1", events[0].Message, StringComparison.Ordinal);
        var captured = Assert.IsAssignableFrom<IReadOnlyList<object?>>(events[0].Payload["List"]);
        Assert.Equal(1, captured[0]);
        Assert.Equal([2], Assert.IsAssignableFrom<IReadOnlyList<object?>>(captured[1]));
        Assert.Equal(1, Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(events[0].Payload["Map"])["a"]);
        Assert.Equal("before", events[0].Payload["Text"]);
        Assert.Equal([1], Assert.IsAssignableFrom<IEnumerable<byte>>(events[0].Payload["Bytes"]));
        Assert.Equal("reused before", events[1].Message);
        Assert.Equal("before", events[1].Payload["Argument"]);
        Assert.Equal("Items 1", events[2].Message);
    }

    [Fact]
    public async Task A_custom_capture_is_asked_for_what_could_change()
    {
        using var fixture = new LoggerFixture(options => options.CaptureValue = value => $"<{value.GetType().Name}>");
        fixture.Logger.LogInformation("{A} {B}", 1, new StringBuilder("x"));
        LogEvent entry = await fixture.SingleAsync();
        Assert.Equal(1, entry.Payload["A"]);
        Assert.Equal("<StringBuilder>", entry.Payload["B"]);
    }

    [Fact]
    public async Task A_log_call_does_not_fail_because_of_its_arguments()
    {
        using var fixture = new LoggerFixture();
#pragma warning disable CA2017 // one argument too few, on purpose
        fixture.Logger.LogInformation("{A} {B}", 1);
#pragma warning restore CA2017
        fixture.Logger.LogInformation("{A}", new Unreadable());
        fixture.Logger.LogInformation("{A} {A}", 1, 2);
        fixture.Logger.LogInformation("{A:000} {B,5} {C}", 7, "b", null);
        fixture.Logger.LogInformation(null);
        LogEvent[] events = await fixture.EventsAsync();
        Assert.Equal(5, events.Length);
        Assert.Contains("could not be", events[0].Message, StringComparison.Ordinal);
        Assert.Contains("could not be", events[1].Message, StringComparison.Ordinal);
        Assert.Contains("NotSupportedException", (string)events[1].Payload["A"]!, StringComparison.Ordinal);
        Assert.Equal("1 2", events[2].Message);
        Assert.Equal(2, events[2].Payload["A"]);
        Assert.Equal("007     b (null)", events[3].Message);
        Assert.Equal("[null]", events[4].Message);
    }

    [Fact]
    public async Task Scopes_become_payload_and_what_is_further_in_wins()
    {
        using var fixture = new LoggerFixture();
        using (fixture.Logger.BeginScope("Request {RequestId} of {User}", "r1", "ann"))
        using (fixture.Logger.BeginScope(new Dictionary<string, object?> { ["User"] = "bob", ["OrderId"] = 1 }))
        using (fixture.Logger.BeginScope("plain"))
        {
            fixture.Logger.LogInformation("Order {OrderId}", 42);
            Two(fixture.Logger, 43, "eve");
        }

        fixture.Logger.LogInformation("outside");
        LogEvent[] events = await fixture.EventsAsync();
        Assert.Equal(42, events[0].Payload["OrderId"]);
        Assert.Equal("r1", events[0].Payload["RequestId"]);
        Assert.Equal("bob", events[0].Payload["User"]);
        Assert.Equal(["Request r1 of ann", "plain"], Assert.IsAssignableFrom<IEnumerable<string>>(events[0].Payload["Scope"]));
        Assert.Equal(43, events[1].Payload["OrderId"]);
        Assert.Equal("r1", events[1].Payload["RequestId"]);
        Assert.Equal("bob", events[1].Payload["User"]);
        Assert.False(events[2].Payload.ContainsKey("RequestId"));
    }

    [Fact]
    public async Task Scopes_can_be_left_out()
    {
        using var fixture = new LoggerFixture(options => options.IncludeScopes = false);
        using (fixture.Logger.BeginScope("Request {RequestId}", "r1"))
            fixture.Logger.LogInformation("x");
        Assert.False((await fixture.SingleAsync()).Payload.ContainsKey("RequestId"));
    }

    [Fact]
    public async Task What_the_sink_refuses_is_counted_and_not_thrown()
    {
        using var fixture = new LoggerFixture(config: new MemorySinkConfig { Key = "tiny", QueueMaxSize = 1 });
        using var hold = new ManualResetEventSlim();
        fixture.Sink.Dispatching = (_, _) =>
        {
            hold.Wait(CancellationToken.None);
            return ValueTask.CompletedTask;
        };
        for (int i = 0; i < 10; i++)
            fixture.Logger.LogInformation("{I}", i);
        SinkLedger ledger = fixture.Sink.Ledger;
        hold.Set();
        Assert.Equal(1, ledger.Accepted);
        Assert.Equal(9, ledger.Rejected);
        await fixture.EventsAsync();
    }

    [Fact]
    public void A_generated_message_of_plain_values_boxes_none_of_them()
    {
        using var fixture = new LoggerFixture();
        for (int i = 0; i < 2_000; i++)
            Two(fixture.Logger, i, "ann");
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 2_000; i++)
            Two(fixture.Logger, i + 100_000, "ann");
        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / 2_000;

        // The event and its content; a box would be 24 bytes more, the text and the payload would be 200.
        Assert.InRange(each, 0, 216);
    }

    [LoggerMessage(EventId = 17, Level = LogLevel.Information, Message = "Order {OrderId} placed by {Customer}")]
    private static partial void Two(ILogger logger, int orderId, string customer);

    [LoggerMessage(EventId = 18, Level = LogLevel.Information, Message = "Ready")]
    private static partial void None(ILogger logger);

    [LoggerMessage(EventId = 19, Level = LogLevel.Information, Message = "{A} {B} {C} {D} {E} {F} {G}")]
    private static partial void Seven(ILogger logger, int a, int b, int c, int d, int e, int f, DateTime g);

    [LoggerMessage(EventId = 20, Level = LogLevel.Information, Message = "Items {Items}")]
    private static partial void Mutable(ILogger logger, int[] items);

    private sealed class Unreadable
    {
        public override string ToString() => throw new NotSupportedException("unreadable");
    }
}
