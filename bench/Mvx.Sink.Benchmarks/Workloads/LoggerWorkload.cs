using System.Diagnostics;
using Mvx.Sink.Benchmarks.Loggers;
using Mvx.Sink.Benchmarks.Measuring;
using Mvx.Sink.Benchmarks.Peers;

namespace Mvx.Sink.Benchmarks.Workloads;

/// <summary>What a call through <c>ILogger</c> costs its thread. The backends count; each peer must have captured text, values and scopes.</summary>
internal sealed class LoggerWorkload : IWorkload
{
    public const string Id = "ilogger";
    public const string PerCall = "allocated per call";

    /// <summary>The better of the other peers in each round, which may not be the same one in each.</summary>
    public const string Better = "the better of the others";

    /// <summary>Calls between two deliveries: what a queue of that size holds stays in the youngest generation, as in an application that keeps up.</summary>
    private const int Chunk = 20_000;

    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(60);

    public string Name => Id;

    public string Question => "What does a call through ILogger cost its thread, beside the same call to other loggers?";

    public void Run(BenchOptions options, FigureBook book, Action<string> progress)
    {
        int chunks = options.Quick ? 2 : 10;
        LoggerPeer[] peers = [new MvxLoggerPeer(10 * Chunk), new SerilogLoggerPeer(10 * Chunk), new NLogLoggerPeer(10 * Chunk)];
        try
        {
            progress("warming up");
            WarmUp(peers);
            RoundRunner.Run(Id, options.Rounds, book, progress, round =>
            {
                foreach (LoggerCall call in LoggerCalls.All)
                {
                    Dictionary<LoggerPeer, Sample> samples = [];
                    foreach (LoggerPeer peer in Interleave.Round(peers, round))
                        samples.Add(peer, Measure(peer, call, chunks));
                    Book(book, call, [.. peers.Select(peer => (peer.Name, samples[peer]))]);
                }
            });
        }
        finally
        {
            Array.ForEach(peers, static peer => peer.Dispose());
        }
    }

    private static void WarmUp(LoggerPeer[] peers)
    {
        for (int pass = 0; pass < 3; pass++)
        {
            foreach (LoggerPeer peer in peers)
            {
                foreach (LoggerCall call in LoggerCalls.All)
                {
                    for (int i = 0; i < 60; i++)
                        peer.Run(call, 100);
                    AwaitDelivery(peer, call);
                    Measure(peer, call, 1);
                    ThrowIfNotCaptured(peer, call);
                }
            }

            Quiet.LetTheJitFinish();
        }
    }

    private static void ThrowIfNotCaptured(LoggerPeer peer, LoggerCall call)
    {
        string text = peer.LastEvent;
        string[] expected = call.Name.Contains("no value", StringComparison.Ordinal) ? ["Ready"] : ["placed by", "ann", (Chunk - 1).ToString(System.Globalization.CultureInfo.InvariantCulture)];
        if (call.Scope is not null)
            expected = [.. expected, call.Scope];
        if (Array.Find(expected, part => !text.Contains(part, StringComparison.Ordinal)) is { } missing)
            throw new InvalidOperationException($"{peer.Name}, {call.Name}: the last event has no \"{missing}\": {text}");
    }

    private static Sample Measure(LoggerPeer peer, LoggerCall call, int chunks)
    {
        Quiet.Down();
        (double elapsed, double processor, double bytes) = (0, 0, 0);
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long started = ProcessorTime.OfThisThread();
            long start = Stopwatch.GetTimestamp();
            peer.Run(call, Chunk);
            elapsed += Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            processor += ProcessorTime.OfThisThread() - started;
            bytes += GC.GetAllocatedBytesForCurrentThread() - allocated;
            AwaitDelivery(peer, call);
        }

        double calls = (double)chunks * Chunk;
        return new Sample(elapsed / calls, processor / calls, bytes / calls);
    }

    private static void AwaitDelivery(LoggerPeer peer, LoggerCall call)
    {
        if (!SpinWait.SpinUntil(() => peer.Delivered == peer.Logged, _bound))
            throw new InvalidOperationException($"{peer.Name}, {call.Name}: {peer.Logged} events were logged, {peer.Delivered} delivered.");
    }

    private static void Book(FigureBook book, LoggerCall call, (string Peer, Sample Sample)[] samples)
    {
        foreach ((string peer, Sample sample) in samples)
            Book(book, peer, call, sample);
        Sample[] others = [.. samples.Where(static sample => sample.Peer != PeerCatalog.Ours).Select(static sample => sample.Sample)];
        Book(book, Better, call, new Sample(others.Min(static sample => sample.Elapsed), others.Min(static sample => sample.Processor), others.Min(static sample => sample.Bytes)));
    }

    private static void Book(FigureBook book, string peer, LoggerCall call, Sample sample)
    {
        book.Add(Id, peer, call.Name, LogWorkload.Cost, "ns", sample.Elapsed);
        if (ProcessorTime.IsAvailable)
            book.Add(Id, peer, call.Name, LogWorkload.Processor, "ns", sample.Processor);
        book.Add(Id, peer, call.Name, PerCall, "B", sample.Bytes);
    }

    private readonly record struct Sample(double Elapsed, double Processor, double Bytes);
}
