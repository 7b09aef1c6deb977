namespace Mvx.Sink.Runtime;

/// <summary>A tuple or a pair of a descriptor's key, with copies of the sequences inside it.</summary>
internal sealed record DescriptorTuple(bool IsPair, IReadOnlyList<object?> Items)
{
    public bool Equals(DescriptorTuple? other) => DescriptorValues.Same(this, other);

    public override int GetHashCode() => DescriptorValues.Hash(this);

    public override string ToString() => DescriptorValues.Show(this);
}
