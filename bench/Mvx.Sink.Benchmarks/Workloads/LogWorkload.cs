using Mvx.Sink.Benchmarks.Measuring;
using Mvx.Sink.Benchmarks.Peers;

namespace Mvx.Sink.Benchmarks.Workloads;

/// <summary>
/// Producers log as fast as they can while the dispatcher runs. Two figures of the same run: what a call costs its thread, and how many
/// events a second arrive, counted from the first call to the last delivery.
/// </summary>
internal sealed class LogWorkload : IWorkload
{
    public const string Id = "log";
    public const string Cost = "cost";
    public const string Processor = "cost, processor time";
    public const string ProcessorOfAll = "processor time of all threads, per event";
    public const string Rate = "end to end";

    public static readonly int[] Producers = [1, 2, 4, 8];

    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(120);

    public string Name => Id;

    public string Question => "What does a call of Log cost its thread while the dispatcher runs, and how many events a second arrive?";

    public static string Case(int producers) => producers == 1 ? "1 producer" : $"{producers} producers";

    public void Run(BenchOptions options, FigureBook book, Action<string> progress)
    {
        int total = options.Quick ? 200_000 : 1_000_000;
        // Room for all events of a sample: a lossless peer that had to wait or refuse would measure something else.
        int roomy = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)total + 1);
        List<OpenPeer> peers = [.. OpenPeer.All(PeerCatalog.Lossless, roomy), .. OpenPeer.All(PeerCatalog.Dropping, PeerCatalog.SmallQueue)];
        try
        {
            progress("warming up");
            OpenPeer.WarmUp(peers);
            for (int pass = 0; pass < 20; pass++)
                peers.ForEach(static open => Sample(open, producers: 2, total: 20_000, book: null));
            foreach (int producers in Producers)
                peers.ForEach(open => Sample(open, producers, total, book: null));
            RoundRunner.Run(Id, options.Rounds, book, progress, round =>
            {
                foreach (int producers in Producers)
                {
                    foreach (OpenPeer open in Interleave.Round(peers, round))
                        Sample(open, producers, total, book);
                }
            });
        }
        finally
        {
            peers.ForEach(static open => open.Dispose());
        }
    }

    private static void Sample(OpenPeer open, int producers, int total, FigureBook? book)
    {
        (PeerSpec spec, Peer peer) = (open.Spec, open.Peer);
        int each = total / producers;
        long logging = (long)each * producers;
        long receivedBefore = peer.Backend.Received;
        long droppedBefore = peer.Dropped;
        Quiet.Down();
        peer.Backend.Expect(logging);
        long processor = ProcessorTime.OfProcess();

        Crew.Timing timing = Crew.Run(producers, () => peer.Produce(each));
        open.Logged += logging;
        if (spec.Lossless)
        {
            peer.Flush();
            if (!peer.Backend.Await(_bound) || peer.Backend.Received - receivedBefore != logging || peer.Dropped != droppedBefore)
                throw new InvalidOperationException($"{spec.Name}: {logging} logged, {peer.Backend.Received - receivedBefore} delivered, {peer.Dropped - droppedBefore} dropped; it must deliver all.");
        }
        else
        {
            peer.Settle(open.Logged);
        }

        if (book is null)
            return;
        processor = ProcessorTime.OfProcess() - processor;
        string @case = Case(producers);
        book.Add(Id, spec.Name, @case, Cost, "ns", Ticks.ToNanoseconds(timing.MeanTicks) / each);
        if (ProcessorTime.IsAvailable)
        {
            book.Add(Id, spec.Name, @case, Processor, "ns", timing.MeanProcessorTime / each);
            book.Add(Id, spec.Name, @case, ProcessorOfAll, "ns", (double)processor / logging);
        }

        if (spec.Lossless)
        {
            book.Add(Id, spec.Name, @case, Rate, "events/s", logging / Ticks.ToSeconds(peer.Backend.ReachedAt - timing.Began));
        }
        else
        {
            book.Add(Id, spec.Name, @case, "delivered", "%", 100.0 * (peer.Backend.Received - receivedBefore) / logging);
            book.Add(Id, spec.Name, @case, "dropped", "%", 100.0 * (peer.Dropped - droppedBefore) / logging);
        }
    }
}
