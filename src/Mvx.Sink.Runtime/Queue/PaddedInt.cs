using System.Runtime.InteropServices;

namespace Mvx.Sink.Runtime;

/// <summary>An int on cache lines of its own; see <see cref="PaddedLong"/>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct PaddedInt
{
    [FieldOffset(128)]
    public int Value;
}
