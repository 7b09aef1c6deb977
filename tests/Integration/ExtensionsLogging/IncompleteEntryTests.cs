using System.Collections;
using Microsoft.Extensions.Logging;

namespace Mvx.Sink.Integration.ExtensionsLogging;

/// <summary>Of an entry that cannot be read in full, what can be is kept; the caller never hears of it.</summary>
public sealed class IncompleteEntryTests
{
    [Fact]
    public async Task With_fewer_arguments_than_names_the_template_and_the_values_that_exist_are_kept()
    {
        using var fixture = new LoggerFixture();
        using (fixture.Logger.BeginScope("Request {RequestId}", "r1"))
        {
#pragma warning disable CA2017 // too few arguments, on purpose
            fixture.Logger.LogWarning(new EventId(7, "odd"), "Order {OrderId} for {Customer} and {Other}", 42, "ann");
#pragma warning restore CA2017
        }

        LogEvent entry = await fixture.SingleAsync();
        Assert.StartsWith("Order {OrderId} for {Customer} and {Other} (the message could not be formatted: ", entry.Message, StringComparison.Ordinal);
        Assert.Equal("odd", entry.Name);
        Assert.Equal(["OrderId", "Customer", "{OriginalFormat}", "EventId", "RequestId", "Scope"], entry.Payload.Keys);
        Assert.Equal(42, entry.Payload["OrderId"]);
        Assert.Equal("ann", entry.Payload["Customer"]);
        Assert.Equal("Order {OrderId} for {Customer} and {Other}", entry.Payload["{OriginalFormat}"]);
    }

    [Fact]
    public async Task A_format_that_its_value_does_not_have_costs_the_text_alone()
    {
        using var fixture = new LoggerFixture();
        fixture.Logger.LogInformation("{A:Q} {B}", 1, "b");
        LogEvent entry = await fixture.SingleAsync();
        Assert.StartsWith("{A:Q} {B} (the message could not be formatted: FormatException", entry.Message, StringComparison.Ordinal);
        Assert.Equal(1, entry.Payload["A"]);
    }

    [Fact]
    public async Task Of_a_state_that_throws_on_the_way_what_came_before_is_kept()
    {
        using var fixture = new LoggerFixture();
        fixture.Logger.Log(LogLevel.Information, default, Halting(), null, static (_, _) => "said");
        fixture.Logger.Log(LogLevel.Information, default, new Countless(), null, static (_, _) => throw new NotSupportedException("no text"));
        LogEvent[] entries = await fixture.EventsAsync();
        Assert.Equal("said", entries[0].Message);
        Assert.Equal(1, entries[0].Payload["First"]);
        Assert.Contains("on the way", (string)entries[0].Payload["CaptureError"]!, StringComparison.Ordinal);
        Assert.Contains("no count", (string)entries[1].Payload["CaptureError"]!, StringComparison.Ordinal);
        Assert.Contains("no text", entries[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scope_that_throws_costs_itself_and_no_other()
    {
        using var fixture = new LoggerFixture();
        using (fixture.Logger.BeginScope("Request {RequestId}", "r1"))
        using (fixture.Logger.BeginScope(new Countless()))
        using (fixture.Logger.BeginScope("Order {OrderId}", 42))
        {
            fixture.Logger.LogInformation("one {Value}", 1);
            fixture.Logger.LogInformation("two {Value}", new object[] { new List<int> { 2 } });
        }

        foreach (LogEvent entry in await fixture.EventsAsync())
        {
            Assert.Equal("r1", entry.Payload["RequestId"]);
            Assert.Equal(42, entry.Payload["OrderId"]);
            string[] texts = [.. Assert.IsAssignableFrom<IEnumerable<string>>(entry.Payload["Scope"])];
            Assert.Equal("Request r1", texts[0]);
            Assert.Contains("no count", texts[1], StringComparison.Ordinal);
            Assert.Equal("Order 42", texts[2]);
        }
    }

    private static IEnumerable<KeyValuePair<string, object?>> Halting()
    {
        yield return new("First", 1);
        throw new NotSupportedException("on the way");
    }

    private sealed class Countless : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => throw new NotSupportedException("no count");

        public KeyValuePair<string, object?> this[int index] => throw new NotSupportedException("no item");

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => throw new NotSupportedException("no items");

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
