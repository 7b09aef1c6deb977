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

    public string Name => Id;

    public string Question => "At one event each 50 µs: how long does a call of Log take, and how soon is the event delivered?";

    public void Run(BenchOptions options, FigureBook book, Action<string> progress)
    {
        int events = options.Quick ? 4_000 : 20_000;
        var probe = new Probe(events);
        List<OpenPeer> peers = OpenPeer.All(PeerCatalog.Lossless, 1 << 16);
        try
        {
            progress("warming up");
            OpenPeer.WarmUp(peers);
            foreach (OpenPeer open in peers)
                Sample(open, probe, Math.Min(events, 4_000), book: null);
            SampleFloor(probe, events, book: null);
            RoundRunner.Run(Id, options.Rounds, book, progress, round =>
            {
                foreach (OpenPeer open in Interleave.Round(peers, round))
                    Sample(open, probe, events, book);
                SampleFloor(probe, events, book);
            });
        }
        finally
        {
            peers.ForEach(static open => open.Dispose());
        }
    }

    private static void Sample(OpenPeer open, Probe probe, int events, FigureBook? book)
    {
        Peer peer = open.Peer;
        Quiet.Down();
        peer.Backend.Stamp(probe.Delivered);
        Pace(peer, probe, events);
        open.Logged += events;
        peer.Settle(open.Logged);
        peer.Backend.Stamp(null);
        if (book is null)
            return;
        Record(book, open.Spec.Name, Call, events, i => probe.Returned[i] - probe.Called[i]);
        Record(book, open.Spec.Name, FromDue, events, i => probe.Returned[i] - probe.Due[i]);
        Record(book, open.Spec.Name, Delivery, events, i => probe.Delivered[i] - probe.Called[i]);
    }

    private static void SampleFloor(Probe probe, int events, FigureBook? book)
    {
        Quiet.Down();
        Pace(peer: null, probe, events);
        if (book is null)
            return;
        Record(book, Floor, Call, events, i => probe.Returned[i] - probe.Called[i]);
        Record(book, Floor, FromDue, events, i => probe.Returned[i] - probe.Due[i]);
    }

    private static void Pace(Peer? peer, Probe probe, int events)
    {
        long pace = Ticks.OfMicroseconds(PaceMicroseconds);
        long due = Stopwatch.GetTimestamp() + 20 * pace;
        for (int i = 0; i < events; i++, due += pace)
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

    private static void Record(FigureBook book, string peer, string @case, int events, Func<int, long> ticks)
    {
        double[] sorted = new double[events];
        for (int i = 0; i < events; i++)
            sorted[i] = Ticks.ToNanoseconds(ticks(i));
        Array.Sort(sorted);
        foreach ((string name, double quantile) in Quantiles)
            book.Add(Id, peer, @case, name, "ns", Distribution.At(sorted, quantile));
    }

    /// <summary>The times of each event, in ticks.</summary>
    private sealed class Probe(int events)
    {
        public long[] Due { get; } = new long[events];

        public long[] Called { get; } = new long[events];

        public long[] Returned { get; } = new long[events];

        public long[] Delivered { get; } = new long[events];
    }
}
