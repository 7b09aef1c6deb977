using System.Globalization;

namespace Mvx.Sink.Files.Json;

/// <summary>Texts got from objects that nobody vouches for. Infallible.</summary>
internal static class SafeText
{
    /// <summary>The longest text that is written whole, in UTF-16 units. Utf8JsonWriter refuses texts some ten times longer.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    private const int MarkLength = 40;

    /// <summary>An object as text, in the invariant culture; when its ToString throws, a text that says so.</summary>
    public static string? Of(object value)
    {
        try
        {
            return value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value.ToString();
        }
        catch (Exception error)
        {
            return Threw(value, error);
        }
    }

    /// <summary>A property of an object as text; when the property throws, a text that says so.</summary>
    public static string? Of<T>(T value, Func<T, string?> read)
        where T : notnull
    {
        try
        {
            return read(value);
        }
        catch (Exception error)
        {
            return Threw(value, error);
        }
    }

    /// <summary>What stands where a value could not be read.</summary>
    public static string Threw(object value, Exception error) => $"({value.GetType()} threw {error.GetType().Name})";

    /// <summary>The text, or what of it can be written.</summary>
    public static ReadOnlySpan<char> Limit(string text) =>
        text.Length <= MaxLength ? text : $"{text.AsSpan(0, MaxLength - MarkLength)}... ({text.Length} characters)";
}
