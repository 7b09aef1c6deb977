using Mvx.Sink.Benchmarks.Files;
using Mvx.Sink.Benchmarks.Loggers;
using Mvx.Sink.Benchmarks.Measuring;
using Mvx.Sink.Benchmarks.Peers;
using Mvx.Sink.Benchmarks.Workloads;

namespace Mvx.Sink.Benchmarks.Report;

/// <summary>The figures this project set out to reach, each as a ratio of samples of the same round.</summary>
internal static class Bars
{
    public static IReadOnlyList<Bar> All { get; } = [.. Log(), .. EndToEnd(), .. Paced(), .. Refused(), .. Costs(), .. Files(), .. Loggers()];

    private static IEnumerable<Bar> Log()
    {
        foreach (int producers in (int[])[1, 2, 4])
            yield return LogBar(producers, "raw unbounded channel", PeerCatalog.Channel, producers == 1 ? 0.6 : 0.7);
        foreach ((string name, string peer, double limit) in ((string, string, double)[])
            [("OpenTelemetry batch", PeerCatalog.OpenTelemetry, 0.5), ("NLog async (grow)", PeerCatalog.NLogGrow, 0.4), ("Serilog.Sinks.Async", PeerCatalog.SerilogBlock, 0.15)])
        {
            foreach (int producers in (int[])[1, 2, 4])
                yield return LogBar(producers, name, peer, limit);
        }
    }

    private static IEnumerable<Bar> EndToEnd() => ((int[])[1, 2, 4]).Select(static producers => Bar.Ratio(
        $"Events/s end to end vs raw channel, {LogWorkload.Case(producers)}",
        atMost: false,
        1.3,
        new(LogWorkload.Id, PeerCatalog.Ours, LogWorkload.Case(producers), LogWorkload.Rate),
        new(LogWorkload.Id, PeerCatalog.Channel, LogWorkload.Case(producers), LogWorkload.Rate)).AlsoByWork(LogWorkload.ProcessorOfAll));

    private static IEnumerable<Bar> Paced()
    {
        yield return PacedBar("`Log` p50 at 50 µs vs OpenTelemetry batch", PeerCatalog.OpenTelemetry, "p50", 1.0);
        yield return PacedBar("`Log` p99 at 50 µs vs raw channel", PeerCatalog.Channel, "p99", 0.5);
        yield return Bar.Absolute("Delivery p99 at 50 µs", 1e6, "ns", new(PacedWorkload.Id, PeerCatalog.Ours, PacedWorkload.Delivery, "p99"));
    }

    private static IEnumerable<Bar> Refused()
    {
        yield return RefusedBar("Refused by Drop vs accepted, 1 producer", RefusedWorkload.Drop);
        yield return RefusedBar("Refused by `TryLog` vs accepted, 1 producer", RefusedWorkload.TryLogRaise);
    }

    private static IEnumerable<Bar> Costs()
    {
        yield return Bar.Absolute("Allocation per accepted event", 0.0049, "B", new(MemoryWorkload.Id, PeerCatalog.Ours, MemoryWorkload.Steady, MemoryWorkload.PerEvent));
        yield return Bar.Absolute("Managed memory of an idle sink", 64 * 1024, "B", new(MemoryWorkload.Id, PeerCatalog.Ours, MemoryWorkload.IdleCase, MemoryWorkload.Managed));
        yield return Bar.Absolute("… with a limit of 100 million", 1024 * 1024, "B", new(MemoryWorkload.Id, PeerCatalog.Ours, MemoryWorkload.HugeCase, MemoryWorkload.Managed));
        yield return Bar.Absolute("CPU of an idle sink over 10 s", 1e6, "ns", new(IdleWorkload.Id, PeerCatalog.Ours, IdleWorkload.Case, IdleWorkload.OwnThread));
    }

    private static IEnumerable<Bar> Files()
    {
        yield return FileBar("Serilog.Sinks.Async + File, JSON", FilePeers.Serilog, 3.5);
        yield return FileBar("NLog async file target, JSON", FilePeers.NLog, 3.5);
        yield return FileBar("plain serialise-and-write loop", FilePeers.Plain, 0.9);
    }

    private static IEnumerable<Bar> Loggers()
    {
        foreach (LoggerCall call in LoggerCalls.All)
        {
            yield return Bar.OfCost(
                $"`ILogger`, {call.Name}, vs the better of NLog and Serilog",
                0.5,
                new(LoggerWorkload.Id, PeerCatalog.Ours, call.Name, LogWorkload.Cost),
                new(LoggerWorkload.Id, LoggerWorkload.Better, call.Name, LogWorkload.Cost));
            yield return Bar.Ratio(
                "… bytes allocated",
                atMost: true,
                1.0,
                new(LoggerWorkload.Id, PeerCatalog.Ours, call.Name, LoggerWorkload.PerCall),
                new(LoggerWorkload.Id, LoggerWorkload.Better, call.Name, LoggerWorkload.PerCall));
        }
    }

    private static Bar LogBar(int producers, string name, string peer, double limit) => Bar.OfCost(
        $"`Log` vs {name}, {LogWorkload.Case(producers)}",
        limit,
        new(LogWorkload.Id, PeerCatalog.Ours, LogWorkload.Case(producers), LogWorkload.Cost),
        new(LogWorkload.Id, peer, LogWorkload.Case(producers), LogWorkload.Cost));

    private static Bar PacedBar(string what, string peer, string quantile, double limit) => Bar.Ratio(
        what,
        atMost: true,
        limit,
        new(PacedWorkload.Id, PeerCatalog.Ours, PacedWorkload.Call, quantile),
        new(PacedWorkload.Id, peer, PacedWorkload.Call, quantile));

    private static Bar RefusedBar(string what, string peer) => Bar.OfCost(
        what,
        0.6,
        new(RefusedWorkload.Id, peer, LogWorkload.Case(1), RefusedWorkload.Cost),
        new(RefusedWorkload.Id, RefusedWorkload.Accepted, LogWorkload.Case(1), RefusedWorkload.Cost));

    private static Bar FileBar(string name, string peer, double limit) => Bar.Ratio(
        $"`FileSink` events/s vs {name}",
        atMost: false,
        limit,
        new(FileWorkload.Id, FilePeers.Ours, FileWorkload.Case, FileWorkload.Rate),
        new(FileWorkload.Id, peer, FileWorkload.Case, FileWorkload.Rate)).AlsoByWork(FileWorkload.PerEvent);
}
