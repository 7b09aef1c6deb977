namespace Mvx.Sink.Runtime;

/// <summary>
/// What a sink is, so that two configurations can be compared before anything is created. Equal by value, element by element; elements that are
/// sequences, tuples or key-value pairs are compared the same way, at any depth. The kind of sequence does not matter, its order does.
/// </summary>
public sealed record SinkDescriptor
{
    /// <summary>Creates a descriptor.</summary>
    /// <param name="sinkType">The kind of sink, for instance <c>file</c>.</param>
    /// <param name="resourceKey">What it writes to: a path, an address, a stream name. Copied, sequences inside it too.</param>
    /// <param name="configKey">The rest of its configuration. Copied, sequences inside it too.</param>
    /// <exception cref="ArgumentException">The sink type is empty, or a key is nested more than 64 levels deep or contains itself.</exception>
    /// <exception cref="ArgumentNullException">A key is null.</exception>
    public SinkDescriptor(string sinkType, IEnumerable<object?> resourceKey, IEnumerable<object?> configKey)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sinkType);
        ArgumentNullException.ThrowIfNull(resourceKey);
        ArgumentNullException.ThrowIfNull(configKey);
        SinkType = sinkType;
        ResourceKey = DescriptorValues.Capture(resourceKey, nameof(resourceKey));
        ConfigKey = DescriptorValues.Capture(configKey, nameof(configKey));
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
        && DescriptorValues.Same(ResourceKey, other.ResourceKey)
        && DescriptorValues.Same(ConfigKey, other.ConfigKey);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(SinkType, DescriptorValues.Hash(ResourceKey), DescriptorValues.Hash(ConfigKey));

    /// <summary>All three parts, as an error message shows them.</summary>
    /// <returns>For instance <c>file ["/var/log/app.json"] [1048576, true]</c>.</returns>
    public override string ToString() => $"{SinkType} {DescriptorValues.Show(ResourceKey)} {DescriptorValues.Show(ConfigKey)}";
}
