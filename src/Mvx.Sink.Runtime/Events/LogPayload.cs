using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Mvx.Sink.Runtime;

/// <summary>
/// The captured values of an event: an immutable map in the order of capture that is equal by content. An event given one keeps it as it is; any other map is
/// copied into one. Any thread.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is the payload of an event; that it is read like a dictionary is its interface's to say.")]
public sealed class LogPayload : IReadOnlyDictionary<string, object?>, IReadOnlyList<KeyValuePair<string, object?>>, IEquatable<LogPayload>
{
    private readonly KeyValuePair<string, object?>[] _items;

    private LogPayload(KeyValuePair<string, object?>[] items) => _items = items;

    /// <summary>No values.</summary>
    public static LogPayload Empty { get; } = new([]);

    /// <summary>Captures values in their order, without a map in between: for those who make an event per log call.</summary>
    /// <param name="values">The values; copied. Of two with one name the last counts, at the place of the first.</param>
    /// <returns>The payload.</returns>
    /// <exception cref="ArgumentException">A name is null.</exception>
    public static LogPayload Create(ReadOnlySpan<KeyValuePair<string, object?>> values)
    {
        if (values.IsEmpty)
            return Empty;
        var items = new KeyValuePair<string, object?>[values.Length];
        int count = 0;
        foreach (KeyValuePair<string, object?> value in values)
        {
            if (value.Key is null)
                throw new ArgumentException("A value's name is null; every value of a payload has a name.", nameof(values));
            int same = IndexOf(items.AsSpan(0, count), value.Key);
            items[same < 0 ? count++ : same] = value;
        }

        return new LogPayload(count == items.Length ? items : items[..count]);
    }

    internal static LogPayload Capture(IReadOnlyDictionary<string, object?> values)
    {
        ArgumentNullException.ThrowIfNull(values, nameof(LogEvent.Payload));
        return values as LogPayload ?? (values.Count == 0 ? Empty : new LogPayload([.. values]));
    }

    /// <inheritdoc/>
    public object? this[string key] => TryGetValue(key, out object? value)
        ? value
        : throw new KeyNotFoundException($"The payload has no \"{key}\"; it has {string.Join(", ", Keys)}.");

    // A sink that writes every event walks the values by index: an enumerator would be an allocation per event.
    KeyValuePair<string, object?> IReadOnlyList<KeyValuePair<string, object?>>.this[int index] => _items[index];

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _items.Select(static item => item.Key);

    /// <inheritdoc/>
    public IEnumerable<object?> Values => _items.Select(static item => item.Value);

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value)
    {
        int index = IndexOf(_items, key);
        value = index < 0 ? null : _items[index].Value;
        return index >= 0;
    }

    /// <inheritdoc/>
    public bool Equals(LogPayload? other) =>
        other is not null
        && other.Count == Count
        && Array.TrueForAll(_items, item => other.TryGetValue(item.Key, out object? value) && Equals(value, item.Value));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LogPayload);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        int hash = Count;
        foreach (KeyValuePair<string, object?> item in _items)
            hash ^= HashCode.Combine(item.Key, item.Value);
        return hash;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _items.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A payload holds a handful of values: a scan beats a hash table in time and in memory.</summary>
    private static int IndexOf(ReadOnlySpan<KeyValuePair<string, object?>> items, string key)
    {
        for (int i = 0; i < items.Length; i++)
        {
            if (string.Equals(items[i].Key, key, StringComparison.Ordinal))
                return i;
        }

        return -1;
    }
}
