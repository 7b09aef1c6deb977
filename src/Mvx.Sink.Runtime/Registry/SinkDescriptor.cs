using System.Collections;
using System.Collections.ObjectModel;

namespace Mvx.Sink.Runtime;

/// <summary>
/// What a sink is, so that two configurations can be compared before anything is created. Equal by value, element by element; elements that are
/// sequences are compared the same way.
/// </summary>
public sealed record SinkDescriptor
{
    /// <summary>Creates a descriptor.</summary>
    /// <param name="sinkType">The kind of sink, for instance <c>file</c>.</param>
    /// <param name="resourceKey">What it writes to: a path, an address, a stream name. Copied, sequences inside it too.</param>
    /// <param name="configKey">The rest of its configuration. Copied, sequences inside it too.</param>
    /// <exception cref="ArgumentException">The sink type is empty.</exception>
    /// <exception cref="ArgumentNullException">A key is null.</exception>
    public SinkDescriptor(string sinkType, IEnumerable<object?> resourceKey, IEnumerable<object?> configKey)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sinkType);
        ArgumentNullException.ThrowIfNull(resourceKey);
        ArgumentNullException.ThrowIfNull(configKey);
        SinkType = sinkType;
        ResourceKey = Capture(resourceKey);
        ConfigKey = Capture(configKey);
    }

    /// <summary>The kind of sink.</summary>
    public string SinkType { get; }

    /// <summary>What it writes to.</summary>
    public IReadOnlyList<object?> ResourceKey { get; }

    /// <summary>The rest of its configuration.</summary>
    public IReadOnlyList<object?> ConfigKey { get; }

    /// <summary>Whether kind, resource and configuration are equal.</summary>
    /// <param name="other">Another descriptor, or null.</param>
    /// <returns>True when they are.</returns>
    public bool Equals(SinkDescriptor? other) =>
        other is not null
        && string.Equals(SinkType, other.SinkType, StringComparison.Ordinal)
        && SameElements(ResourceKey, other.ResourceKey)
        && SameElements(ConfigKey, other.ConfigKey);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(SinkType, ResourceKey.Count, ConfigKey.Count);

    /// <summary>All three parts, as an error message shows them.</summary>
    /// <returns>For instance <c>file ["/var/log/app.json"] [1048576, true]</c>.</returns>
    public override string ToString() => $"{SinkType} {Show(ResourceKey)} {Show(ConfigKey)}";

    /// <summary>A list that the configuration goes on using must not change what the sink was described as.</summary>
    private static ReadOnlyCollection<object?> Capture(IEnumerable sequence) => Array.AsReadOnly<object?>(
        [.. sequence.Cast<object?>().Select(static element => element is IEnumerable inner and not string ? Capture(inner) : element)]);

    private static bool SameElements(IEnumerable left, IEnumerable right) =>
        left.Cast<object?>().SequenceEqual(right.Cast<object?>(), ElementComparer.Instance);

    private static string Show(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        IEnumerable sequence => $"[{string.Join(", ", sequence.Cast<object?>().Select(Show))}]",
        _ => value.ToString() ?? "",
    };

    private sealed class ElementComparer : IEqualityComparer<object?>
    {
        public static readonly ElementComparer Instance = new();

        public new bool Equals(object? x, object? y) =>
            object.Equals(x, y)
            || (x is IEnumerable left and not string && y is IEnumerable right and not string && SameElements(left, right));

        public int GetHashCode(object? obj) => 0;
    }
}
