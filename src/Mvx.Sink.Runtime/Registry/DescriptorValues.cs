using System.Collections;
using System.Collections.ObjectModel;
using System.Runtime.CompilerServices;

namespace Mvx.Sink.Runtime;

/// <summary>
/// Values of a descriptor's keys, copied, compared, hashed and shown by their structure: sequences, tuples and key-value pairs, nested in any way. All other values are
/// equal when they say so.
/// </summary>
internal static class DescriptorValues
{
    /// <summary>Deeper than a configuration is; a sequence that contains itself gets there too.</summary>
    private const int Deepest = 64;

    /// <summary>Copies a key: a list that the configuration goes on using must not change what the sink was described as.</summary>
    /// <exception cref="ArgumentException">The key is nested too deeply, or contains itself.</exception>
    public static ReadOnlyCollection<object?> Capture(IEnumerable key, string name) => CaptureSequence(key, name, depth: 1);

    /// <summary>Whether two captured values are equal.</summary>
    public static bool Same(object? left, object? right)
    {
        if (left is ReadOnlyCollection<object?> some)
            return right is ReadOnlyCollection<object?> others && SameItems(some, others);
        if (TryTakeApart(left, out bool isPair, out object?[] items))
            return TryTakeApart(right, out bool isOtherPair, out object?[] otherItems) && isPair == isOtherPair && SameItems(items, otherItems);
        return Equals(left, right);
    }

    /// <summary>A hash of a captured value; equal values have the same.</summary>
    public static int Hash(object? value)
    {
        if (value is ReadOnlyCollection<object?> sequence)
            return HashItems(sequence, seed: 1);
        return TryTakeApart(value, out bool isPair, out object?[] items) ? HashItems(items, isPair ? 2 : 3) : value?.GetHashCode() ?? 0;
    }

    /// <summary>A value as an error message shows it.</summary>
    public static string Show(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        IEnumerable sequence => $"[{ShowItems(sequence)}]",
        _ when TryTakeApart(value, out bool isPair, out object?[] items) => isPair ? $"{Show(items[0])}: {Show(items[1])}" : $"({ShowItems(items)})",
        _ => value.ToString() ?? "",
    };

    private static object? CaptureValue(object? value, string name, int depth)
    {
        if (depth > Deepest)
            throw new ArgumentException($"The key is nested more than {Deepest} levels deep, or contains itself; a descriptor is made of plain values and short sequences of them.", name);
        if (value is IEnumerable sequence and not string)
            return value is Array { Rank: > 1 } grid ? CaptureGrid(grid, name, depth, []) : CaptureSequence(sequence, name, depth);
        if (!TryTakeApart(value, out bool isPair, out object?[] items))
            return value;
        ReadOnlyCollection<object?> captured = CaptureSequence(items, name, depth);
        // What holds nothing that can change stays what it is.
        return items.AsSpan().SequenceEqual([.. captured], ReferenceEqualityComparer.Instance) ? value : new DescriptorTuple(isPair, captured);
    }

    private static ReadOnlyCollection<object?> CaptureSequence(IEnumerable sequence, string name, int depth) =>
        Array.AsReadOnly<object?>([.. sequence.Cast<object?>().Select(element => CaptureValue(element, name, depth + 1))]);

    /// <summary>An array of several dimensions as a sequence of sequences, so that its shape counts.</summary>
    private static ReadOnlyCollection<object?> CaptureGrid(Array grid, string name, int depth, int[] place) => Array.AsReadOnly<object?>(
    [
        .. Enumerable.Range(grid.GetLowerBound(place.Length), grid.GetLength(place.Length)).Select(index =>
        {
            int[] next = [.. place, index];
            return next.Length == grid.Rank ? CaptureValue(grid.GetValue(next), name, depth + 1) : CaptureGrid(grid, name, depth, next);
        }),
    ]);

    /// <summary>The parts of a tuple or of a key-value pair. Tuples are equal whether they are values or objects.</summary>
    private static bool TryTakeApart(object? value, out bool isPair, out object?[] items)
    {
        isPair = false;
        items = [];
        switch (value)
        {
            case DescriptorTuple tuple:
                isPair = tuple.IsPair;
                items = [.. tuple.Items];
                return true;
            case DictionaryEntry entry:
                isPair = true;
                items = [entry.Key, entry.Value];
                return true;
            case ITuple tuple when IsFrameworkTuple(value.GetType()):
                items = [.. Enumerable.Range(0, tuple.Length).Select(index => tuple[index])];
                return true;
            case not null when value.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>):
                isPair = true;
                items = [type.GetProperty("Key")!.GetValue(value), type.GetProperty("Value")!.GetValue(value)];
                return true;
            default:
                return false;
        }
    }

    /// <summary>A type of the user's that is a tuple too has an equality of its own.</summary>
    private static bool IsFrameworkTuple(Type type) =>
        type.Namespace == nameof(System) && (type.Name.StartsWith("ValueTuple", StringComparison.Ordinal) || type.Name.StartsWith("Tuple", StringComparison.Ordinal));

    private static bool SameItems(IList<object?> left, IList<object?> right)
    {
        if (left.Count != right.Count)
            return false;
        for (int i = 0; i < left.Count; i++)
        {
            if (!Same(left[i], right[i]))
                return false;
        }

        return true;
    }

    private static int HashItems(IList<object?> items, int seed)
    {
        var hash = default(HashCode);
        hash.Add(seed);
        foreach (object? item in items)
            hash.Add(Hash(item));
        return hash.ToHashCode();
    }

    private static string ShowItems(IEnumerable items) => string.Join(", ", items.Cast<object?>().Select(Show));
}
