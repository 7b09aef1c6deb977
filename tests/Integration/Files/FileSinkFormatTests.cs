using System.Text.Json;
using Mvx.Sink.Files;
using Mvx.Sink.Files.Json;
using Mvx.Sink.Files.Storage;

namespace Mvx.Sink.Integration.Files;

public sealed class FileSinkFormatTests
{
    [Fact]
    public void Each_event_is_one_line_of_JSON_in_UTF8_without_a_byte_order_mark()
    {
        using var folder = new TemporaryFolder();
        FileSinks.Write(new FileSinkConfig { Path = folder.File("app.json") }, "first", "second");

        byte[] bytes = File.ReadAllBytes(folder.File("app.json"));
        Assert.Equal((byte)'{', bytes[0]);
        Assert.Equal((byte)'\n', bytes[^1]);
        Assert.Equal(["first", "second"], FileSinks.Names(folder.File("app.json")));
    }

    [Fact]
    public void Every_field_is_written_and_absent_ones_are_left_out()
    {
        var full = new LogEvent
        {
            Level = LogEventLevel.Critical,
            Name = "n",
            Timestamp = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(-3.5)).AddTicks(70),
            Namespace = "ns",
            Type = "t",
            Outcome = "o",
            EntityId = "e",
            Message = "m",
            SourcePath = "p.cs",
            SourceLine = 7,
            SourceMember = "M",
        };

        Assert.Equal(
            """{"timestamp":"2026-01-02T03:04:05.0000070-03:30","level":"Critical","namespace":"ns","name":"n","type":"t","outcome":"o","entityId":"e","message":"m","source":{"path":"p.cs","line":7,"member":"M"}}""",
            Format(full).GetRawText());
        Assert.Equal("""{"timestamp":"2026-03-14T12:00:00.0000000+00:00","level":"Information","name":"n"}""", Format(FileSinks.Event("n")).GetRawText());
    }

    [Theory]
    [InlineData(LogEventLevel.Debug)]
    [InlineData(LogEventLevel.Information)]
    [InlineData(LogEventLevel.Warning)]
    [InlineData(LogEventLevel.Error)]
    [InlineData(LogEventLevel.Critical)]
    public void The_level_is_written_as_its_name(LogEventLevel level) =>
        Assert.Equal(level.ToString(), Format(FileSinks.Event("n") with { Level = level }).GetProperty("level").GetString());

    [Fact]
    public void Timestamps_are_ISO_8601_with_their_offset_whatever_was_written_before()
    {
        var text = new TimestampText();
        var random = new Random(42);
        DateTimeOffset time = FileSinks.Noon;
        for (int i = 0; i < 10_000; i++)
        {
            // Mostly within the second, sometimes far away, with all kinds of offsets.
            time = random.Next(10) > 0
                ? time.AddTicks(random.Next(3_000_000))
                : new DateTimeOffset(random.NextInt64(TimeSpan.TicksPerDay * 3, DateTime.MaxValue.Ticks - (TimeSpan.TicksPerDay * 3)), TimeSpan.FromMinutes(random.Next(-840, 841)));
            Assert.Equal($"\"{time:O}\"", System.Text.Encoding.ASCII.GetString(text.Format(time)));
        }
    }

    [Fact]
    public void Texts_in_any_language_stay_readable_and_line_breaks_stay_inside_the_line()
    {
        const string Message = "größe 日本 🙂 <b>&'\"\\\r\n\t\u0001\u2028 end";
        using var buffer = new FormattedLine(FileSinks.Event("n", Message));
        Assert.Contains("größe 日本", buffer.Text, StringComparison.Ordinal);
        Assert.Contains("<b>&'", buffer.Text, StringComparison.Ordinal);
        Assert.Equal(buffer.Text.Length - 1, buffer.Text.IndexOf('\n', StringComparison.Ordinal));
        Assert.Equal(Message, buffer.Parse().GetProperty("message").GetString());
    }

    [Fact]
    public void Payload_values_are_written_by_their_runtime_type()
    {
        JsonElement payload = FormatPayload(new Dictionary<string, object?>
        {
            ["null"] = null,
            ["bool"] = true,
            ["int"] = -1,
            ["ulong"] = ulong.MaxValue,
            ["double"] = 0.5,
            ["decimal"] = 1.10m,
            ["enum"] = DayOfWeek.Friday,
            ["guid"] = Guid.Empty,
            ["day"] = new DateOnly(2026, 3, 14),
            ["span"] = TimeSpan.FromSeconds(90),
            ["bytes"] = new byte[] { 1, 2, 3 },
            ["list"] = new object?[] { 1, "two", null, new List<int> { 3 } },
            ["map"] = new Dictionary<string, object?> { ["a"] = new Dictionary<int, string> { [1] = "one" } },
            ["json"] = JsonDocument.Parse("{\n \"x\": [1]\n}").RootElement,
            ["uri"] = new Uri("https://example.org/a?b"),
            ["version"] = new Version(1, 2),
        });

        Assert.Equal(
            """{"null":null,"bool":true,"int":-1,"ulong":18446744073709551615,"double":0.5,"decimal":1.10,"enum":"Friday","guid":"00000000-0000-0000-0000-000000000000","day":"2026-03-14","span":"00:01:30","bytes":"AQID","list":[1,"two",null,[3]],"map":{"a":{"1":"one"}},"json":{"x":[1]},"uri":"https://example.org/a?b","version":"1.2"}""",
            payload.GetRawText());
    }

    [Theory]
    [InlineData("not a number")]
    [InlineData("infinity")]
    [InlineData("a throwing ToString")]
    [InlineData("a sequence that throws")]
    [InlineData("a sequence that never ends")]
    [InlineData("a list that contains itself twice")]
    [InlineData("a map that contains itself")]
    [InlineData("a thousand lists in each other")]
    [InlineData("an undefined JSON element")]
    [InlineData("a disposed JSON document")]
    [InlineData("JSON with a number that is none")]
    [InlineData("JSON nested too deep")]
    [InlineData("half a surrogate pair")]
    [InlineData("a key that throws")]
    [InlineData("an exception that throws")]
    [InlineData("a text of 20 million characters")]
    public void No_payload_value_fails_the_sink_or_spoils_the_line(string what)
    {
        JsonElement line = Format(FileSinks.Event(what, payload: new Dictionary<string, object?> { ["before"] = 1, ["value"] = NastyValue(what), ["after"] = 2 }));
        Assert.Equal(what, line.GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Object, line.GetProperty("payload").ValueKind);
    }

    [Fact]
    public void A_value_is_refused_a_place_in_itself_and_at_the_deepest_level()
    {
        JsonElement payload = FormatPayload(new Dictionary<string, object?> { ["self"] = NastyValue("a list that contains itself twice"), ["deep"] = NastyValue("a thousand lists in each other") });
        Assert.Equal("[\"(a reference to what contains it)\",\"(a reference to what contains it)\"]", payload.GetProperty("self").GetRawText());
        Assert.Contains("[\"(nested too deep)\"]", payload.GetProperty("deep").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_could_not_be_read_is_named_in_its_place()
    {
        JsonElement payload = FormatPayload(new Dictionary<string, object?> { ["value"] = new Thrower(), ["nan"] = double.NaN, ["list"] = ThrowingSequence(), ["after"] = 2 });
        Assert.Contains("threw InvalidOperationException", payload.GetProperty("value").GetString(), StringComparison.Ordinal);
        Assert.Equal("NaN", payload.GetProperty("nan").GetString());
        Assert.Equal(1, payload.GetProperty("list")[0].GetInt32());
        Assert.Equal(2, payload.GetProperty("after").GetInt32());
    }

    [Theory]
    [InlineData("a disposed JSON document")]
    [InlineData("JSON with a number that is none")]
    [InlineData("JSON nested too deep")]
    public void JSON_that_cannot_be_written_is_replaced_alone_wherever_it_is(string what)
    {
        var several = new Dictionary<string, object?> { ["first"] = 1, ["bad"] = NastyValue(what), ["list"] = new object?[] { 2, NastyValue(what), 3 } };
        JsonElement payload = FormatPayload(new Dictionary<string, object?> { ["before"] = "b", ["bad"] = NastyValue(what), ["several"] = several, ["after"] = 4 });
        Assert.Equal("b", payload.GetProperty("before").GetString());
        Assert.Contains(" threw ", payload.GetProperty("bad").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, payload.GetProperty("several").GetProperty("first").GetInt32());
        Assert.Contains(" threw ", payload.GetProperty("several").GetProperty("bad").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, payload.GetProperty("several").GetProperty("list")[0].GetInt32());
        Assert.Contains(" threw ", payload.GetProperty("several").GetProperty("list")[1].GetString(), StringComparison.Ordinal);
        Assert.Equal(3, payload.GetProperty("several").GetProperty("list")[2].GetInt32());
        Assert.Equal(4, payload.GetProperty("after").GetInt32());
    }

    [Fact]
    public void JSON_that_cannot_be_written_is_replaced_alone_in_a_payload_of_many()
    {
        Dictionary<string, object?> many = Enumerable.Range(0, 300).ToDictionary(static i => $"{i}", static i => (object?)i);
        many["7"] = NastyValue("JSON with a number that is none");
        JsonElement payload = FormatPayload(many);
        Assert.Equal(300, payload.EnumerateObject().Count());
        Assert.Contains(" threw ", payload.GetProperty("7").GetString(), StringComparison.Ordinal);
        Assert.Equal(299, payload.GetProperty("299").GetInt32());
    }

    [Fact]
    public void An_exception_is_written_with_type_message_stack_and_inner()
    {
        JsonElement exception = Format(FileSinks.Event("n", exception: Thrown())).GetProperty("exception");
        Assert.Equal("System.InvalidOperationException", exception.GetProperty("type").GetString());
        Assert.Equal("outer", exception.GetProperty("message").GetString());
        Assert.Contains(nameof(Thrown), exception.GetProperty("stack").GetString(), StringComparison.Ordinal);
        Assert.Equal("inner", exception.GetProperty("inner").GetProperty("message").GetString());
    }

    [Fact]
    public void Writing_an_event_allocates_nothing_once_warm()
    {
        var buffer = new LineBuffer(1 << 20);
        var formatter = new LogEventFormatter(buffer);
        LogEvent item = FileSinks.Event("order.placed", "a message", new Dictionary<string, object?> { ["id"] = 1, ["amount"] = 2.5, ["who"] = "me" });
        for (int i = 0; i < 100; i++)
            formatter.Append(item);
        buffer.Clear();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
            formatter.Append(item);
        long perEvent = (GC.GetAllocatedBytesForCurrentThread() - before) / 1_000;
        Assert.Equal(0, perEvent);
    }

    // Made inside the test: the test runner would try to print them.
    private static object NastyValue(string what)
    {
        switch (what)
        {
            case "not a number":
                return double.NaN;
            case "infinity":
                return float.NegativeInfinity;
            case "a throwing ToString":
                return new Thrower();
            case "a sequence that throws":
                return ThrowingSequence();
            case "a sequence that never ends":
                return EndlessSequence();
            case "a list that contains itself twice":
                var self = new List<object?>();
                self.Add(self);
                self.Add(self);
                return self;
            case "a map that contains itself":
                var map = new Dictionary<string, object?>();
                map["list"] = new object[] { map };
                return map;
            case "a thousand lists in each other":
                object deep = "bottom";
                for (int i = 0; i < 1_000; i++)
                    deep = new[] { deep };
                return deep;
            case "an undefined JSON element":
                return default(JsonElement);
            case "a disposed JSON document":
                JsonDocument disposed = JsonDocument.Parse("[1]");
                disposed.Dispose();
                return disposed;
            case "JSON with a number that is none":
                return new System.Text.Json.Nodes.JsonObject { ["fine"] = 1, ["none"] = double.NaN };
            case "JSON nested too deep":
                System.Text.Json.Nodes.JsonNode nested = 1;
                for (int i = 0; i < 1_500; i++)
                    nested = new System.Text.Json.Nodes.JsonArray(nested);
                return nested;
            case "half a surrogate pair":
                return "\ud83d!";
            case "a key that throws":
                return new Dictionary<object, int> { [new Thrower()] = 1 };
            case "an exception that throws":
                return new ThrowingException();
            case "a text of 20 million characters":
                return new string('x', 20_000_000);
            default:
                throw new ArgumentException($"no such value: {what}", nameof(what));
        }
    }

    private static JsonElement FormatPayload(IReadOnlyDictionary<string, object?> payload) => Format(FileSinks.Event("n", payload: payload)).GetProperty("payload");

    private static JsonElement Format(LogEvent item)
    {
        using var line = new FormattedLine(item);
        return line.Parse();
    }

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("outer", new IOException("inner"));
        }
        catch (InvalidOperationException error)
        {
            return error;
        }
    }

    private static IEnumerable<int> ThrowingSequence()
    {
        yield return 1;
        throw new InvalidOperationException("no more");
    }

    private static IEnumerable<int> EndlessSequence()
    {
        for (int i = 0; ; i++)
            yield return i;
    }

    private sealed class Thrower
    {
        public override string ToString() => throw new InvalidOperationException("no text");
    }

    private sealed class ThrowingException : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");

        public override string StackTrace => throw new InvalidOperationException("no stack");
    }
}
