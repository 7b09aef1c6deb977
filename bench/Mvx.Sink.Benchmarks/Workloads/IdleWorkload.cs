using Mvx.Sink.Benchmarks.Measuring;
using Mvx.Sink.Benchmarks.Peers;

namespace Mvx.Sink.Benchmarks.Workloads;

/// <summary>What a sink that has been busy and now has nothing to do costs in processor time. Reads the kernel's own account of each thread.</summary>
internal sealed class IdleWorkload : IWorkload
{
    public const string Id = "idle";
    public const string Case = "10 s";
    public const string OwnThread = "CPU of its own thread";
    public const string Process = "CPU of the whole process";

    public string Name => Id;

    public string Question => "What processor time does an idle sink use?";

    public void Run(BenchOptions options, FigureBook book, Action<string> progress)
    {
        if (!ThreadTimes.AreAvailable || !ProcessorTime.IsAvailable)
        {
            progress("needs /proc; skipped");
            return;
        }

        TimeSpan window = TimeSpan.FromSeconds(options.Quick ? 2 : 10);
        int rounds = options.Quick ? 1 : options.Rounds;
        (string Name, Func<Peer>? Open)[] cases =
        [
            ("nothing (the process itself)", null),
            (PeerCatalog.Ours, static () => new MvxPeer(SinkOptions.DefaultQueueMaxSize)),
            (PeerCatalog.Channel, static () => ChannelPeer.Unbounded()),
            (PeerCatalog.OpenTelemetry, static () => new OpenTelemetryPeer(2_048)),
            (PeerCatalog.NLogGrow, static () => new NLogPeer(PeerCatalog.SmallQueue, NLog.Targets.Wrappers.AsyncTargetWrapperOverflowAction.Grow)),
            (PeerCatalog.SerilogBlock, static () => new SerilogPeer(PeerCatalog.SmallQueue, block: true)),
        ];
        RoundRunner.Run(Id, rounds, book, progress, _ =>
        {
            foreach ((string name, Func<Peer>? open) in cases)
                Measure(name, open, window, book);
        });
    }

    private static void Measure(string name, Func<Peer>? open, TimeSpan window, FigureBook book)
    {
        using Peer? peer = open?.Invoke();
        peer?.Produce(1_000);
        peer?.Settle(1_000);

        // The measuring itself is compiled and recompiled before, or the process pays for that while it should be idle.
        for (int i = 0; i < 100; i++)
        {
            OwnTime(peer);
            ProcessorTime.OfProcess();
        }

        Quiet.LetTheJitFinish(TimeSpan.FromSeconds(1));

        double scale = 10 / window.TotalSeconds;
        long own = OwnTime(peer);
        long all = ProcessorTime.OfProcess();
        Thread.Sleep(window);
        all = ProcessorTime.OfProcess() - all;
        own = OwnTime(peer) - own;
        if (peer is MvxPeer)
            book.Add(Id, name, Case, OwnThread, "ns", own * scale);
        book.Add(Id, name, Case, Process, "ns", all * scale);
    }

    private static long OwnTime(Peer? peer) => peer is MvxPeer ? ThreadTimes.Of("Mvx.Sink: bench") : 0;
}
