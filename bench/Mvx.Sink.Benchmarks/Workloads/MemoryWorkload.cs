using Mvx.Sink.Benchmarks.Measuring;
using Mvx.Sink.Benchmarks.Peers;

namespace Mvx.Sink.Benchmarks.Workloads;

/// <summary>What idle sinks hold, and what a steady flow of events allocates.</summary>
internal sealed class MemoryWorkload : IWorkload
{
    public const string Id = "memory";
    public const string Managed = "managed";
    public const string PerEvent = "allocated per event";
    public const string IdleCase = "idle, default limit";
    public const string HugeCase = "idle, limit 100 million";
    public const string SharedCase = "1 000 sinks on one loop, each";
    public const string Steady = "steady flow";

    private const int Chunk = 4_000;

    public string Name => Id;

    public string Question => "What does an idle sink hold, and what does a steady flow allocate?";

    public void Run(BenchOptions options, FigureBook book, Action<string> progress)
    {
        (string Name, Func<Peer> Open)[] idle =
        [
            (PeerCatalog.Ours, static () => new MvxPeer(SinkOptions.DefaultQueueMaxSize)),
            (PeerCatalog.Channel, static () => ChannelPeer.Unbounded()),
            (PeerCatalog.OpenTelemetry, static () => new OpenTelemetryPeer(2_048)),
            (PeerCatalog.NLogGrow, static () => new NLogPeer(PeerCatalog.SmallQueue, NLog.Targets.Wrappers.AsyncTargetWrapperOverflowAction.Grow)),
            (PeerCatalog.SerilogBlock, static () => new SerilogPeer(PeerCatalog.SmallQueue, block: true)),
        ];
        foreach ((string _, Func<Peer> open) in idle)
            Held(1, open);
        MeasureSharedLoop(10, book: null);

        List<OpenPeer> flows = OpenPeer.All(PeerCatalog.Lossless, 1 << 16);
        try
        {
            OpenPeer.WarmUp(flows);
            flows.ForEach(open => MeasureFlow(open, 100, book: null));
            RoundRunner.Run(Id, options.Rounds, book, progress, round =>
            {
                foreach ((string name, Func<Peer> open) in idle)
                    book.Add(Id, name, IdleCase, Managed, "B", Held(20, open));
                book.Add(Id, PeerCatalog.Ours, HugeCase, Managed, "B", Held(20, static () => new MvxPeer(100_000_000)));
                MeasureSharedLoop(1_000, book);
                foreach (OpenPeer open in Interleave.Round(flows, round))
                    MeasureFlow(open, options.Quick ? 50 : 100, book);
            });
        }
        finally
        {
            flows.ForEach(static open => open.Dispose());
        }
    }

    /// <summary>Managed bytes that one of so many open peers holds, its backend included.</summary>
    private static double Held(int count, Func<Peer> open)
    {
        var peers = new Peer[count];
        long before = Live();
        for (int i = 0; i < count; i++)
            peers[i] = open();
        long held = Live() - before;
        Array.ForEach(peers, static peer => peer.Dispose());
        return held / (double)count;
    }

    private static void MeasureSharedLoop(int count, FigureBook? book)
    {
        using var backend = new Backend();
        using var loop = new SinkLoop("bench");
        var sinks = new CountingSink[count];
        long before = Live();
        for (int i = 0; i < count; i++)
            sinks[i] = loop.InvokeAsync(() => new CountingSink(backend)).GetAwaiter().GetResult();
        Array.ForEach(sinks, static sink => sink.Start().Wait());
        long held = Live() - before;
        Array.ForEach(sinks, static sink => sink.Stop().Wait());
        book?.Add(Id, PeerCatalog.Ours, SharedCase, Managed, "B", held / (double)count);
    }

    /// <summary>Logs chunks that fit the queue, each after the one before is delivered: a flow the backend keeps up with.</summary>
    private static void MeasureFlow(OpenPeer open, int chunks, FigureBook? book)
    {
        Quiet.Down();
        // The flow is steady once the queue has grown to what a chunk takes.
        for (int chunk = 0; chunk < 5; chunk++)
            Flow(open);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int chunk = 0; chunk < chunks; chunk++)
            Flow(open);
        double allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        book?.Add(Id, open.Spec.Name, Steady, PerEvent, "B", allocated / chunks / Chunk);
    }

    private static void Flow(OpenPeer open)
    {
        open.Peer.Produce(Chunk);
        open.Logged += Chunk;
        open.Peer.Flush();
        while (open.Peer.Backend.Received != open.Logged)
            Thread.Yield();
    }

    private static long Live()
    {
        Quiet.Down();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
