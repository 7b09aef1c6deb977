using System.Numerics;
using System.Runtime.CompilerServices;

namespace Mvx.Sink.Runtime;

/// <summary>
/// How a queue of a given limit is cut into segments: few enough that the directory stays small for a limit of a hundred million, small
/// enough that an idle sink costs next to nothing and a segment stays off the large object heap.
/// </summary>
internal readonly record struct QueueGeometry(int SegmentShift, int DirectorySize)
{
    private const int LargestSegmentBytes = 64 * 1024;

    public int SegmentSize => 1 << SegmentShift;

    public static QueueGeometry For<T>(long limit)
    {
        int fits = Math.Max(1, LargestSegmentBytes / Unsafe.SizeOf<Slot<T>>());
        int largestShift = BitOperations.Log2((uint)fits);
        // The square root of the limit balances directory against segment.
        int balanced = (BitOperations.Log2((ulong)limit) + 1) / 2 + 1;
        int shift = Math.Clamp(balanced, Math.Min(4, largestShift), largestShift);
        // Two segments more than the limit needs: one that is being filled while another is being drained never share a place.
        long segments = (limit >> shift) + 3;
        return new QueueGeometry(shift, (int)BitOperations.RoundUpToPowerOf2((ulong)segments));
    }
}
