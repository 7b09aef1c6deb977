using Mvx.Sink.Benchmarks.Peers;

namespace Mvx.Sink.Benchmarks.Workloads;

/// <summary>Loops around the calls that tell of a refusal.</summary>
internal static class Refusals
{
    public static void TryLog(MvxPeer peer, int count)
    {
        CountingSink sink = peer.Sink;
        BenchEvent item = BenchEvent.Prepared;
        for (int i = 0; i < count; i++)
            sink.TryLog(item);
    }

    public static void Throwing(MvxPeer peer, int count)
    {
        CountingSink sink = peer.Sink;
        BenchEvent item = BenchEvent.Prepared;
        for (int i = 0; i < count; i++)
        {
            try
            {
                sink.Log(item);
                throw new InvalidOperationException("the queue was not full");
            }
            catch (QueueOverflowException)
            {
                // This is the path that is measured.
            }
        }
    }
}
