namespace Mvx.Sink.LoggingBenchmarks;

internal static class Waiting
{
    public static void ForDelivery(IPeer peer, long expected)
    {
        var spin = new SpinWait();
        while (peer.Delivered < expected)
            spin.SpinOnce();
    }
}
