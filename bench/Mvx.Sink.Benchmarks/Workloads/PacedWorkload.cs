using System.Diagnostics;
using Mvx.Sink.Benchmarks.Measuring;
using Mvx.Sink.Benchmarks.Peers;

namespace Mvx.Sink.Benchmarks.Workloads;

/// <summary>
/// One event each 50 µs from one producer, as a busy but healthy application logs. Three latencies: the call itself; the call counted from
/// the time it was due, so that a stall is also charged to the calls it delayed (coordinated omission); and from the call to the delivery.
/// </summary>
internal sealed class PacedWorkload : IWorkload
{
    public const string Id = "paced";
    public const string Call = "Log";
    public const string FromDue = "Log from due time";
    public const string Delivery = "Log to delivery";
    public const string Floor = "nothing (the clock itself)";

    public static readonly (string Name, double Quantile)[] Quantiles = [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999), ("max", 1)];

    private const double PaceMicroseconds = 50;

    /// <summary>In each round peers take so many short turns: what slows the machine down for a moment is spread over all of them.</summary>
    private const int Turns = 10;

    /// <summary>
    /// So many events begin each turn and are not counted: the scheduler puts a thread that is woken beside the one that wakes it, which spins here, and takes some
    /// milliseconds to move it to the other processor. An application at that pace has that behind it.
    /// </summary>
    private const int LeadIn = 1_000;

    public string Name => Id;

    public string Question => "At one event each 50 µs: how long does a call of Log take, and how soon is the event delivered?";

    public void Run(BenchOptions options, FigureBook book, Action<string> progress)
    {
        int perTurn = options.Quick ? 400 : 2_000;
        var probe = new Probe(LeadIn + perTurn);
        List<OpenPeer> peers = OpenPeer.All(PeerCatalog.Lossless, 1 << 16);
        try
        {
            progress("warming up");
            OpenPeer.WarmUp(peers);
            foreach (OpenPeer open in peers)
                Sample(open, probe, new Times());
            SampleFloor(probe, new Times());
            RoundRunner.Run(Id, options.Rounds, book, progress, round =>
            {
                var floor = new Times();
                Times[] times = [.. peers.Select(static _ => new Times())];
                for (int turn = 0; turn < Turns; turn++)
                {
                    foreach (int peer in Interleave.Round([.. Enumerable.Range(0, peers.Count)], round + turn))
                        Sample(peers[peer], probe, times[peer]);
                    SampleFloor(probe, floor);
                }

                for (int peer = 0; peer < peers.Count; peer++)
                    times[peer].Record(book, peers[peer].Spec.Name);
                floor.Record(book, Floor);
            });
        }
        finally
        {
            peers.ForEach(static open => open.Dispose());
        }
    }

    private static void Sample(OpenPeer open, Probe probe, Times times)
    {
        Peer peer = open.Peer;
        Quiet.Down();
        peer.Backend.Stamp(probe.Delivered);
        Pace(peer, probe);
        open.Logged += probe.Events;
        peer.Settle(open.Logged);
        peer.Backend.Stamp(null);
        times.Add(probe, delivered: true);
    }

    private static void SampleFloor(Probe probe, Times times)
    {
        Quiet.Down();
        Pace(peer: null, probe);
        times.Add(probe, delivered: false);
    }

    private static void Pace(Peer? peer, Probe probe)
    {
        long pace = Ticks.OfMicroseconds(PaceMicroseconds);
        long due = Stopwatch.GetTimestamp() + 20 * pace;
        for (int i = 0; i < probe.Events; i++, due += pace)
        {
            long now;
            while ((now = Stopwatch.GetTimestamp()) < due)
                Thread.SpinWait(1);
            probe.Due[i] = due;
            probe.Called[i] = now;
            peer?.LogOne();
            probe.Returned[i] = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>The moments of each event of one turn, in ticks.</summary>
    private sealed class Probe(int events)
    {
        public int Events => events;

        public long[] Due { get; } = new long[events];

        public long[] Called { get; } = new long[events];

        public long[] Returned { get; } = new long[events];

        public long[] Delivered { get; } = new long[events];
    }

    /// <summary>What one peer's events took in a round, in nanoseconds.</summary>
    private sealed class Times
    {
        private readonly List<double> _call = [];
        private readonly List<double> _fromDue = [];
        private readonly List<double> _delivery = [];

        public void Add(Probe probe, bool delivered)
        {
            for (int i = LeadIn; i < probe.Events; i++)
            {
                _call.Add(Ticks.ToNanoseconds(probe.Returned[i] - probe.Called[i]));
                _fromDue.Add(Ticks.ToNanoseconds(probe.Returned[i] - probe.Due[i]));
                if (delivered)
                    _delivery.Add(Ticks.ToNanoseconds(probe.Delivered[i] - probe.Called[i]));
            }
        }

        public void Record(FigureBook book, string peer)
        {
            Record(book, peer, Call, _call);
            Record(book, peer, FromDue, _fromDue);
            Record(book, peer, Delivery, _delivery);
        }

        private static void Record(FigureBook book, string peer, string @case, List<double> times)
        {
            if (times.Count == 0)
                return;
            double[] sorted = [.. times.Order()];
            foreach ((string name, double quantile) in Quantiles)
                book.Add(Id, peer, @case, name, "ns", Distribution.At(sorted, quantile));
        }
    }
}
