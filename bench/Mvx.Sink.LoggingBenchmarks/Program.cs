using System.Diagnostics;
using Mvx.Sink.LoggingBenchmarks;

// Rounds of all peers are interleaved, so that whatever else the machine does meets all of them; compare the ratios, not the nanoseconds.
int rounds = args.Length > 0 ? int.Parse(args[0]) : 41;
const int calls = 20_000;

IPeer[] peers = [new MvxPeer(200_000), new SerilogPeer(200_000), new NLogPeer(200_000)];
foreach ((string name, Action<Microsoft.Extensions.Logging.ILogger, int> run) in Calls.All)
{
    var nanoseconds = new double[peers.Length][];
    var bytes = new double[peers.Length];
    for (int p = 0; p < peers.Length; p++)
        nanoseconds[p] = new double[rounds];
    for (int round = -8; round < rounds; round++)
    {
        for (int k = 0; k < peers.Length; k++)
        {
            int p = (k + round + 8) % peers.Length;
            long expected = peers[p].Delivered + calls;
            GC.Collect();
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            run(peers[p].Logger, calls);
            double elapsed = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            if (round >= 0)
            {
                nanoseconds[p][round] = elapsed / calls;
                bytes[p] = (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / calls;
            }

            Waiting.ForDelivery(peers[p], expected);
        }
    }

    double[] best = [.. Enumerable.Range(0, rounds).Select(round => Enumerable.Range(1, peers.Length - 1).Min(p => nanoseconds[p][round]))];
    Console.WriteLine($"{name}");
    for (int p = 0; p < peers.Length; p++)
        Console.WriteLine($"  {peers[p].Name,-42} median {Median(nanoseconds[p]),6:0} ns   least {nanoseconds[p].Min(),6:0} ns   {bytes[p],6:0} B");
    Console.WriteLine($"  ours / the better of the others, per round: median {Median([.. best.Select((other, round) => nanoseconds[0][round] / other)]):0.00}, of the least {nanoseconds[0].Min() / best.Min():0.00}");
}

foreach (IPeer peer in peers)
    peer.Dispose();

static double Median(double[] values)
{
    double[] sorted = [.. values.Order()];
    return sorted[sorted.Length / 2];
}
