using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Mvx.Sink.Files.Json;
using Mvx.Sink.Files.Storage;

namespace Mvx.Sink.Integration.Files;

/// <summary>What is written without the framework's writer is what that would have written.</summary>
public sealed class PlainJsonTests
{
    private static readonly double[] _doubles =
    [
        0, -0.0, 1, -1, 0.1, 0.2, 0.3, 0.1 + 0.2, 1.25, -13.375, 0.001, 0.0001, 123.456, 1e14, 999_999_999_999_999, 1e15, 1e16, -1e300, double.Epsilon, double.MaxValue,
        long.MaxValue, Math.PI, 1 / 3.0, 100.5, 2.675, 1.005, 4.35, 0.615, 1_234_567_890.123, 99_999_999_999.999,
    ];

    [Fact]
    public void Every_double_has_its_shortest_text()
    {
        var random = new Random(4711);
        IEnumerable<double> many = Enumerable.Range(0, 50_000).SelectMany(_ => new[]
        {
            random.Next(-100_000, 100_000) / 10.0,
            random.Next(-10_000_000, 10_000_000) / 1000.0,
            random.NextInt64() / 1000.0,
            BitConverter.Int64BitsToDouble(random.NextInt64()),
            random.NextDouble(),
        });
        foreach (double number in _doubles.Concat(many).Where(double.IsFinite))
            Assert.Equal(number.ToString("R", CultureInfo.InvariantCulture), Text(json => json.TryAppendScalar(number)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("größe, 大小, размер")]
    public void A_text_without_anything_to_escape_is_taken_as_it_is(string text)
    {
        Assert.Equal($"\"{text}\"", Text(json => json.TryAppend(text)));
        Assert.Equal(string.Concat(Enumerable.Repeat($"\"{text}\"", 4)), Text(json => Enumerable.Range(0, 4).All(_ => json.TryAppend(text))));
    }

    [Theory]
    [InlineData("a\"b")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    [InlineData("\u0000")]
    [InlineData("\u2028")]
    public void A_text_with_something_to_escape_is_left_to_the_writer(string text)
    {
        Assert.Equal("", Text(json => json.TryAppend(text), expected: false));
        Assert.Equal("", Text(json => json.TryAppend(text) || json.TryAppend(text) || json.TryAppend(text), expected: false));
    }

    [Fact]
    public void Texts_that_share_a_slot_are_not_mixed_up()
    {
        string[] names = [.. Enumerable.Range(0, 1_000).Select(static i => $"n{i}e")];
        Assert.Equal(string.Concat(names.Concat(names).Select(static name => $"\"{name}\"")), Text(json => names.Concat(names).All(json.TryAppend)));
    }

    private static string Text(Func<PlainJson, bool> append, bool expected = true)
    {
        var buffer = new LineBuffer(16);
        bool appended = append(new PlainJson(buffer, JavaScriptEncoder.UnsafeRelaxedJsonEscaping));
        Assert.Equal(expected, appended);
        return Encoding.UTF8.GetString(buffer.Bytes);
    }
}
