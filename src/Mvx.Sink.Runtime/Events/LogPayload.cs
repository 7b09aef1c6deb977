using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Mvx.Sink.Runtime;

/// <summary>The captured values of an event: an immutable map in the order of capture that is equal by content.</summary>
internal sealed class LogPayload : IReadOnlyDictionary<string, object?>, IReadOnlyList<KeyValuePair<string, object?>>, IEquatable<LogPayload>
{
    public static readonly LogPayload Empty = new([]);

    private readonly KeyValuePair<string, object?>[] _items;

    private LogPayload(KeyValuePair<string, object?>[] items) => _items = items;

    public static LogPayload Capture(IReadOnlyDictionary<string, object?> values)
    {
        ArgumentNullException.ThrowIfNull(values, nameof(LogEvent.Payload));
        return values as LogPayload ?? (values.Count == 0 ? Empty : new LogPayload([.. values]));
    }

    public object? this[string key] => TryGetValue(key, out object? value)
        ? value
        : throw new KeyNotFoundException($"The payload has no \"{key}\"; it has {string.Join(", ", Keys)}.");

    // A sink that writes every event walks the values by index: an enumerator would be an allocation per event.
    KeyValuePair<string, object?> IReadOnlyList<KeyValuePair<string, object?>>.this[int index] => _items[index];

    public IEnumerable<string> Keys => _items.Select(static item => item.Key);

    public IEnumerable<object?> Values => _items.Select(static item => item.Value);

    public int Count => _items.Length;

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value)
    {
        // A payload holds a handful of values: a scan beats a hash table in time and in memory.
        foreach (KeyValuePair<string, object?> item in _items)
        {
            if (string.Equals(item.Key, key, StringComparison.Ordinal))
            {
                value = item.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    public bool Equals(LogPayload? other) =>
        other is not null
        && other.Count == Count
        && Array.TrueForAll(_items, item => other.TryGetValue(item.Key, out object? value) && Equals(value, item.Value));

    public override bool Equals(object? obj) => Equals(obj as LogPayload);

    public override int GetHashCode()
    {
        int hash = Count;
        foreach (KeyValuePair<string, object?> item in _items)
            hash ^= HashCode.Combine(item.Key, item.Value);
        return hash;
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _items.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
