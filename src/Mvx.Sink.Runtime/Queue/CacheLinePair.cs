using System.Runtime.InteropServices;

namespace Mvx.Sink.Runtime;

/// <summary>Nothing but room, so that what comes after it in an object is on other cache lines than what comes before: 128 bytes, since processors fetch lines in pairs.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal readonly struct CacheLinePair;
