using System.Runtime.InteropServices;

namespace Mvx.Sink.Runtime;

/// <summary>A long on cache lines of its own: 128 bytes on each side, since processors fetch lines in pairs.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct PaddedLong
{
    [FieldOffset(128)]
    public long Value;
}
