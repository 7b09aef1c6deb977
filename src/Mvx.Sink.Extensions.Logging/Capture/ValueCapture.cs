using System.Collections;
using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace Mvx.Sink.Extensions.Logging;

/// <summary>Captures an argument so that nothing done to it later shows: immutable values as they are, sequences and maps copied, other objects as text. Throws nothing.</summary>
internal sealed class ValueCapture(Func<object, object?>? custom)
{
    /// <summary>Elements of a sequence beyond this are left out; the copy is made on the thread of the log call.</summary>
    private const int LongestSequence = 1_000;

    private const int DeepestNesting = 8;

    // The runtime's own type of types: others may be derived.
    private static readonly Type _runtimeType = ((object)typeof(object)).GetType();

    public object? Capture(object? value) => IsImmutable(value) ? value : CaptureMutable(value!, depth: 0);

    /// <summary>An object's text, or why there is none.</summary>
    public static string TextOf(object value)
    {
        try
        {
            return value.ToString() ?? "";
        }
        catch (Exception error)
        {
            return Unreadable(value, error);
        }
    }

    /// <summary>Whether nothing about a value can change.</summary>
    // The order is that of how often they are logged.
    public static bool IsImmutable(object? value) =>
        value is null or string or int or long or Guid or bool or double or DateTimeOffset or DateTime or TimeSpan or decimal
            || value.GetType().IsPrimitive
            || IsImmutableByType(value);

    private static bool IsImmutableByType(object value) =>
        value is Enum or DateOnly or TimeOnly or Version or Int128 or UInt128 or Half or System.Text.Rune or Index or Range
            || value.GetType() == typeof(Uri) // another may have been derived from it
            || value.GetType() == _runtimeType;

    private object? CaptureMutable(object value, int depth)
    {
        try
        {
            if (custom is not null)
                return custom(value);
            if (depth == DeepestNesting)
                return TextOf(value);
            return value switch
            {
                Exception error => error,
                byte[] bytes => ImmutableArray.Create(bytes),
                ReadOnlyMemory<byte> bytes => ImmutableArray.Create(bytes.Span),
                Memory<byte> bytes => ImmutableArray.Create<byte>(bytes.Span),
                IDictionary map => CopyOf(map, depth),
                IEnumerable<KeyValuePair<string, object?>> map => CopyOf(map, depth),
                IEnumerable sequence => CopyOf(sequence, depth),
                _ => TextOf(value),
            };
        }
        catch (Exception error)
        {
            return Unreadable(value, error);
        }
    }

    private object? CaptureElement(object? value, int depth) => IsImmutable(value) ? value : CaptureMutable(value!, depth + 1);

    private ReadOnlyCollection<object?> CopyOf(IEnumerable sequence, int depth)
    {
        var copy = new List<object?>();
        foreach (object? element in sequence)
        {
            if (copy.Count == LongestSequence)
            {
                copy.Add("...");
                break;
            }

            copy.Add(CaptureElement(element, depth));
        }

        return copy.AsReadOnly();
    }

    private ReadOnlyDictionary<string, object?> CopyOf(IDictionary map, int depth)
    {
        var copy = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in map)
            copy[TextOf(entry.Key)] = CaptureElement(entry.Value, depth);
        return copy.AsReadOnly();
    }

    private ReadOnlyDictionary<string, object?> CopyOf(IEnumerable<KeyValuePair<string, object?>> map, int depth)
    {
        var copy = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (KeyValuePair<string, object?> entry in map)
            copy[entry.Key] = CaptureElement(entry.Value, depth);
        return copy.AsReadOnly();
    }

    /// <summary>What is said of an object that threw.</summary>
    public static string Unreadable(object value, Exception error) => $"({value.GetType().Name} could not be read: {error.GetType().Name}: {error.Message})";
}
