using System.Text;
using Microsoft.Extensions.Logging;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.ExtensionsLogging;

/// <summary>Scopes are remembered from entry to entry; what has changed meanwhile must show, and what belongs to another must not.</summary>
public sealed class ScopeMemoryTests
{
    [Fact]
    public async Task A_scope_whose_arguments_are_put_in_place_of_others_says_the_new_ones()
    {
        using var fixture = new LoggerFixture();
        object[] arguments = ["r1"];
        using (fixture.Logger.BeginScope("Request {RequestId}", arguments))
        {
            fixture.Logger.LogInformation("a");
            fixture.Logger.LogInformation("b");
            arguments[0] = "r2";
            fixture.Logger.LogInformation("c");
        }

        LogEvent[] entries = await fixture.EventsAsync();
        Assert.Equal(["r1", "r1", "r2"], entries.Select(entry => entry.Payload["RequestId"]));
        Assert.Equal(["Request r1", "Request r1", "Request r2"], entries.Select(entry => Assert.IsAssignableFrom<IEnumerable<string>>(entry.Payload["Scope"]).Single()));
    }

    [Fact]
    public async Task A_scope_of_changing_values_says_those_of_the_call()
    {
        using var fixture = new LoggerFixture();
        var map = new Dictionary<string, object?> { ["Step"] = 1 };
        var list = new List<KeyValuePair<string, object?>> { new("Phase", "a") };
        var text = new StringBuilder("x");
        using (fixture.Logger.BeginScope(map))
        using (fixture.Logger.BeginScope(list))
        using (fixture.Logger.BeginScope("Text {Text}", text))
        {
            fixture.Logger.LogInformation("1");
            map["Step"] = 2;
            fixture.Logger.LogInformation("2");
            list[0] = new("Phase", "b");
            list.Add(new("More", "c"));
            fixture.Logger.LogInformation("3");
            text.Append('y');
            fixture.Logger.LogInformation("4");
        }

        LogEvent[] entries = await fixture.EventsAsync();
        Assert.Equal([1, 2, 2, 2], entries.Select(entry => entry.Payload["Step"]));
        Assert.Equal(["a", "a", "b", "b"], entries.Select(entry => entry.Payload["Phase"]));
        Assert.Equal([false, false, true, true], entries.Select(entry => entry.Payload.ContainsKey("More")));
        Assert.Equal(["x", "x", "x", "xy"], entries.Select(entry => entry.Payload["Text"]));
    }

    [Fact]
    public async Task Scopes_that_end_and_begin_are_told_apart()
    {
        using var fixture = new LoggerFixture();
        using (fixture.Logger.BeginScope("Request {RequestId}", "r1"))
        {
            fixture.Logger.LogInformation("outer");
            using (fixture.Logger.BeginScope("Order {OrderId}", 42))
                fixture.Logger.LogInformation("inner");
            fixture.Logger.LogInformation("outer again");
            using (fixture.Logger.BeginScope("Order {OrderId}", 43))
                fixture.Logger.LogInformation("inner");
        }

        using (fixture.Logger.BeginScope("Request {RequestId}", "r1"))
            fixture.Logger.LogInformation("another");
        fixture.Logger.LogInformation("none");
        LogEvent[] entries = await fixture.EventsAsync();
        Assert.Equal(["r1", "r1", "r1", "r1", "r1", null], entries.Select(entry => entry.Payload.GetValueOrDefault("RequestId")));
        Assert.Equal([null, 42, null, 43, null, null], entries.Select(entry => entry.Payload.GetValueOrDefault("OrderId")));
    }

    [Fact]
    public async Task A_value_of_the_entry_wins_over_a_remembered_scope()
    {
        using var fixture = new LoggerFixture();
        using (fixture.Logger.BeginScope("Order {OrderId}", 1))
        {
            fixture.Logger.LogInformation("a");
            fixture.Logger.LogInformation("Order {OrderId}", 2);
            fixture.Logger.LogInformation("b");
        }

        Assert.Equal([1, 2, 1], (await fixture.EventsAsync()).Select(entry => entry.Payload["OrderId"]));
    }

    [Fact]
    public async Task Loggers_of_other_factories_have_scopes_of_their_own()
    {
        using var first = new LoggerFixture();
        using var second = new LoggerFixture();
        using (first.Logger.BeginScope("Request {RequestId}", "r1"))
        using (second.Logger.BeginScope("Request {RequestId}", "r2"))
        {
            for (int i = 0; i < 3; i++)
            {
                first.Logger.LogInformation("{I}", i);
                second.Logger.LogInformation("{I}", i);
            }
        }

        Assert.All(await first.EventsAsync(), static entry => Assert.Equal("r1", entry.Payload["RequestId"]));
        Assert.All(await second.EventsAsync(), static entry => Assert.Equal("r2", entry.Payload["RequestId"]));
    }

    [Fact]
    public async Task The_same_template_through_other_loggers_is_an_event_of_each()
    {
        using var fixture = new LoggerFixture();
        ILogger other = fixture.Factory.CreateLogger("Shop.Bills");
        for (int i = 0; i < 2; i++)
        {
            fixture.Logger.LogInformation("Ready");
            other.LogWarning(new EventId(3, "ready"), "Ready");
        }

        LogEvent[] entries = await fixture.EventsAsync();
        Assert.Equal(["Shop.Orders", "Shop.Bills", "Shop.Orders", "Shop.Bills"], entries.Select(entry => entry.Namespace));
        Assert.Equal(["Ready", "ready", "Ready", "ready"], entries.Select(entry => entry.Name));
        Assert.Equal([null, 3, null, 3], entries.Select(entry => entry.Payload.GetValueOrDefault("EventId")));
        Assert.All(entries, static entry => Assert.Equal("Ready", entry.Message));
        Assert.All(entries, static entry => Assert.Equal("Ready", entry.Payload["{OriginalFormat}"]));
    }

    [Fact]
    public async Task A_scope_that_logs_while_it_is_read_disturbs_nothing()
    {
        using var fixture = new LoggerFixture();
        using (fixture.Logger.BeginScope("Request {RequestId}", "r1"))
        using (fixture.Logger.BeginScope(new Talking(fixture.Logger)))
        {
            fixture.Logger.LogInformation("a");
            fixture.Logger.LogInformation("b");
        }

        LogEvent[] entries = await fixture.EventsAsync();
        Assert.Equal(["talking", "a", "talking", "b"], entries.Select(entry => entry.Message));
        Assert.All(entries, static entry => Assert.Equal("r1", entry.Payload["RequestId"]));
        Assert.Equal([null, "said", null, "said"], entries.Select(entry => entry.Payload.GetValueOrDefault("Said")));
    }

    [Fact]
    public async Task Each_flow_has_its_own_scopes_on_whatever_thread_it_runs()
    {
        using var fixture = new LoggerFixture();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(flow => Task.Run(async () =>
        {
            for (int i = 0; i < 50; i++)
            {
                using (fixture.Logger.BeginScope("Flow {Flow} {Step}", flow, i))
                {
                    fixture.Logger.LogInformation("{Expected} {At}", flow, i);
                    await Task.Yield();
                    fixture.Logger.LogInformation("{Expected} {At}", flow, i);
                    fixture.Logger.LogInformation("Ready");
                }
            }
        }))).Within();
        LogEvent[] entries = await fixture.EventsAsync();
        Assert.Equal(16 * 50 * 3, entries.Length);
        Assert.All(entries.Where(static entry => entry.Message != "Ready"), static entry =>
        {
            Assert.Equal(entry.Payload["Expected"], entry.Payload["Flow"]);
            Assert.Equal(entry.Payload["At"], entry.Payload["Step"]);
        });
    }

    [Fact]
    public void Within_the_same_scopes_an_entry_allocates_no_more_than_without()
    {
        using var fixture = new LoggerFixture();
        long within;
        using (fixture.Logger.BeginScope("Request {RequestId}", "r1"))
            within = BytesPerEntry(fixture);
        Assert.InRange(within, 0, BytesPerEntry(fixture) + 8);
    }

    /// <summary>The least of many samples, each begun with an empty queue: what the thread allocates once, and what a queue needs that grows, is no entry's.</summary>
    private static long BytesPerEntry(LoggerFixture fixture) => Enumerable.Range(0, 60).Min(_ =>
    {
        Patience.Finish(fixture.Sink.FlushAsync().AsTask(), "The sink flushes");
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            fixture.Logger.LogInformation("Order {OrderId}", "o1");
        return (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
    });

    private sealed class Talking(ILogger logger) : List<KeyValuePair<string, object?>>, IReadOnlyList<KeyValuePair<string, object?>>
    {
        private bool _talks;

        int IReadOnlyCollection<KeyValuePair<string, object?>>.Count
        {
            get
            {
                if (!_talks)
                {
                    _talks = true;
                    logger.LogInformation("talking");
                    _talks = false;
                }

                return _talks ? 0 : 1;
            }
        }

        KeyValuePair<string, object?> IReadOnlyList<KeyValuePair<string, object?>>.this[int index] => new("Said", "said");
    }
}
