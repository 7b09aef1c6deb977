using System.Threading.Channels;
using Mvx.Sink.Benchmarks.Measuring;
using Mvx.Sink.Benchmarks.Peers;
using NLog.Targets.Wrappers;

namespace Mvx.Sink.Benchmarks.Workloads;

/// <summary>
/// The backend is held and the queue is full: what does it cost to be refused? Beside it, in the same rounds, what it costs our own sink to accept: with
/// the dispatcher running, and with the backend held just like here.
/// </summary>
internal sealed class RefusedWorkload : IWorkload
{
    public const string Id = "refused";
    public const string Cost = "cost";
    public const string Drop = "Mvx.Sink, Log under Drop";
    public const string TryLogDrop = "Mvx.Sink, TryLog under Drop";
    public const string TryLogRaise = "Mvx.Sink, TryLog under RaiseError";
    public const string Exception = "Mvx.Sink, Log by exception";
    public const string Accepted = "Mvx.Sink, accepted, dispatcher running";
    public const string AcceptedHeld = "Mvx.Sink, accepted, backend held";

    public static readonly int[] Producers = [1, 2, 4];

    private const int Limit = 1_000;

    /// <summary>What takes some nanoseconds is done so much more often, so that a sample is not over before the machine has been disturbed once.</summary>
    private const int Many = 6;

    /// <summary>In each round the cases take so many turns: what slows the machine down for a second is spread over all of them.</summary>
    private const int Turns = 4;

    public string Name => Id;

    public string Question => "What does it cost to be refused by a full queue, against being accepted?";

    public void Run(BenchOptions options, FigureBook book, Action<string> progress)
    {
        int total = options.Quick ? 100_000 : 1_000_000;
        List<Case> cases =
        [
            new(Drop, new MvxPeer(Limit, QueueOverflowPolicy.Drop), static (peer, count) => peer.Produce(count)) { Times = Many },
            new(TryLogDrop, new MvxPeer(Limit, QueueOverflowPolicy.Drop), static (peer, count) => Refusals.TryLog((MvxPeer)peer, count)) { Times = Many },
            new(TryLogRaise, new MvxPeer(Limit), static (peer, count) => Refusals.TryLog((MvxPeer)peer, count)) { Times = Many },
            new(Exception, new MvxPeer(Limit), static (peer, count) => Refusals.Throwing((MvxPeer)peer, count)) { Share = 100 },
            new("Channel, bounded, TryWrite is false", ChannelPeer.Bounded(Limit), static (peer, count) => peer.Produce(count)),
            new("Lock + counter + channel, drop", new LockedCounterPeer(Limit), static (peer, count) => peer.Produce(count)),
            new("OpenTelemetry batch, drop", new OpenTelemetryPeer(Limit), static (peer, count) => peer.Produce(count)) { Times = Many },
            new("NLog async, discard", new NLogPeer(Limit, AsyncTargetWrapperOverflowAction.Discard), static (peer, count) => peer.Produce(count)),
            new("Serilog async, drop", new SerilogPeer(Limit, block: false), static (peer, count) => peer.Produce(count)) { Share = 10 },
            new(Accepted, new MvxPeer(1 << 21), static (peer, count) => peer.Produce(count)) { Refuses = false, Holds = false },
            new(AcceptedHeld, new MvxPeer(1 << 21), static (peer, count) => peer.Produce(count)) { Refuses = false },
        ];
        try
        {
            progress("warming up");
            for (int pass = 0; pass < 40; pass++)
                cases.ForEach(@case => Sample(@case, 1, 20_000));
            Quiet.LetTheJitFinish();
            foreach (int producers in Producers)
                cases.ForEach(@case => Sample(@case, producers, total / Turns));
            RoundRunner.Run(Id, options.Rounds, book, progress, round =>
            {
                foreach (int producers in Producers)
                {
                    var samples = cases.ToDictionary(static @case => @case, static _ => new List<Measured>());
                    for (int turn = 0; turn < Turns; turn++)
                    {
                        foreach (Case @case in Interleave.Round(cases, round + turn))
                        {
                            Quiet.Down();
                            samples[@case].Add(Sample(@case, producers, total / Turns));
                        }
                    }

                    cases.ForEach(@case => Record(book, @case, producers, samples[@case]));
                }
            });
        }
        finally
        {
            cases.ForEach(static @case => @case.Peer.Dispose());
        }
    }

    private static Measured Sample(Case @case, int producers, int total)
    {
        Peer peer = @case.Peer;
        int each = total / @case.Share * @case.Times / producers;
        long before = peer.Backend.Received;
        if (@case.Holds)
            peer.Backend.Hold();
        if (@case.Refuses)
            Fill(peer);
        long refused = RefusedSoFar(peer);
        Crew.Timing timing = Crew.Run(producers, () => @case.Work(peer, each));
        refused = RefusedSoFar(peer) - refused;
        long expected = @case.Refuses ? (long)each * producers : 0;
        if (peer is MvxPeer && refused != expected)
            throw new InvalidOperationException($"{@case.Name}: {refused} refused while it was timed; it must be {expected}.");
        peer.Backend.Release();
        long delivered = @case.Verify(before, (long)each * producers);
        return new Measured(Ticks.ToNanoseconds(timing.MeanTicks) / each, timing.MeanProcessorTime / each, delivered, (long)each * producers);
    }

    /// <summary>Ours can say how many it has refused; of the others' the deliveries tell.</summary>
    private static long RefusedSoFar(Peer peer) => peer is MvxPeer mvx ? mvx.Sink.Ledger.Dropped + mvx.Sink.Ledger.Rejected : 0;

    private static void Record(FigureBook book, Case @case, int producers, List<Measured> samples)
    {
        string name = LogWorkload.Case(producers);
        book.Add(Id, @case.Name, name, Cost, "ns", samples.Average(static sample => sample.Cost));
        if (ProcessorTime.IsAvailable)
            book.Add(Id, @case.Name, name, LogWorkload.Processor, "ns", samples.Average(static sample => sample.Processor));
        if (!@case.Refuses)
            return;
        book.Add(Id, @case.Name, name, "delivered", "events", samples.Sum(static sample => sample.Delivered));
        book.Add(Id, @case.Name, name, "refused", "events", samples.Sum(static sample => sample.Logged));
    }

    /// <summary>Logs until the queue is full and the consumer is stuck in the backend: nothing can be accepted any more.</summary>
    private static void Fill(Peer peer)
    {
        // Some libraries take a batch out of the queue before the backend sees it; so fill, let them, and fill again.
        for (int pass = 0; pass < 4; pass++)
        {
            if (peer is MvxPeer mvx)
                Refusals.TryLog(mvx, 2 * Limit);
            else
                peer.Produce(2 * Limit);
            Thread.Sleep(2);
        }
    }

    private readonly record struct Measured(double Cost, double Processor, long Delivered, long Logged);

    private sealed record Case(string Name, Peer Peer, Action<Peer, int> Work)
    {
        /// <summary>A share of the events is enough where one costs much.</summary>
        public int Share { get; init; } = 1;

        public int Times { get; init; } = 1;

        public bool Refuses { get; init; } = true;

        public bool Holds { get; init; } = true;

        /// <summary>Throws unless what was to be refused was, and what was to be accepted was. Gives what was delivered.</summary>
        public long Verify(long before, long logged)
        {
            Peer.Flush();
            if (!Refuses)
            {
                SpinWait.SpinUntil(() => Peer.Backend.Received - before == logged, TimeSpan.FromSeconds(60));
                if (Peer.Backend.Received - before != logged)
                    throw new InvalidOperationException($"{Name}: {logged} logged, {Peer.Backend.Received - before} delivered; it must accept all.");
                return logged;
            }

            // What was delivered is what filled the queue, the batches some libraries had taken out of it included; all else was refused.
            long delivered = Settled(before) - before;
            if (delivered < Limit || delivered > 4 * Limit)
                throw new InvalidOperationException($"{Name}: {delivered} delivered with a limit of {Limit}; the queue was not full all the time.");
            return delivered;
        }

        /// <summary>Waits for what filled the queue, and then until nothing more has come for a while.</summary>
        private long Settled(long before)
        {
            SpinWait.SpinUntil(() => Peer.Backend.Received - before >= Limit, TimeSpan.FromSeconds(60));
            long last;
            do
            {
                last = Peer.Backend.Received;
                Thread.Sleep(20);
            }
            while (Peer.Backend.Received != last);
            return last;
        }
    }
}
