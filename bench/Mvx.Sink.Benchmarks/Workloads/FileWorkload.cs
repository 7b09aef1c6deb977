using System.Diagnostics;
using Mvx.Sink.Benchmarks.Files;
using Mvx.Sink.Benchmarks.Measuring;

namespace Mvx.Sink.Benchmarks.Workloads;

/// <summary>Events into a JSON file, from the first call until the file is closed. Each event is an object of its own, prepared before the clock starts.</summary>
internal sealed class FileWorkload : IWorkload
{
    public const string Id = "file";
    public const string Rate = "end to end";
    public const string PerEvent = "processor time of all threads, per event";
    public const string Case = "1 producer";

    public string Name => Id;

    public string Question => "How many events a second get into a file as JSON?";

    public void Run(BenchOptions options, FigureBook book, Action<string> progress)
    {
        int events = options.Quick ? 20_000 : 200_000;
        string folder = Path.Combine(Path.GetTempPath(), $"mvx-sink-bench-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        try
        {
            progress("warming up");
            // Pipelines are opened and closed all the time here, so that has to be warm as well.
            for (int pass = 0; pass < 32; pass++)
            {
                foreach ((string name, Func<IFilePeer> create) in FilePeers.All)
                    Sample(name, create, pass < 30 ? 2_000 : events / 2, folder, book: null);
                if (pass % 10 == 9)
                    Quiet.LetTheJitFinish();
            }

            RoundRunner.Run(Id, options.Rounds, book, progress, round =>
            {
                foreach ((string name, Func<IFilePeer> create) in Interleave.Round(FilePeers.All, round))
                    Sample(name, create, events, folder, book);
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Sample(string name, Func<IFilePeer> create, int events, string folder, FigureBook? book)
    {
        string path = Path.Combine(folder, $"{Guid.NewGuid():N}.json");
        using IFilePeer peer = create();
        peer.Prepare(events);
        peer.Open(path);
        Quiet.Down();

        long processor = ProcessorTime.OfProcess();
        long start = Stopwatch.GetTimestamp();
        peer.LogAll();
        long logged = Stopwatch.GetTimestamp() - start;
        peer.Close();
        long all = Stopwatch.GetTimestamp() - start;
        processor = ProcessorTime.OfProcess() - processor;

        long bytes = Verify(name, path, events);
        File.Delete(path);
        if (book is null)
            return;
        book.Add(Id, name, Case, Rate, "events/s", events / Ticks.ToSeconds(all));
        book.Add(Id, name, Case, "the producer's part", "ns", Ticks.ToNanoseconds(logged) / events);
        if (ProcessorTime.IsAvailable)
            book.Add(Id, name, Case, PerEvent, "ns", (double)processor / events);
        book.Add(Id, name, Case, "bytes per event", "B", (double)bytes / events);
    }

    /// <summary>Every line is there, each a whole object, the last one the last event's.</summary>
    private static long Verify(string name, string path, int events)
    {
        byte[] content = File.ReadAllBytes(path);
        int lines = content.AsSpan().Count("}\n"u8);
        if (lines != events)
            throw new InvalidOperationException($"{name}: {events} logged, {lines} lines in the file.");
        if (content.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes($"{new FileEventContent(events - 1).User}")) < 0)
            throw new InvalidOperationException($"{name}: the last event is not in the file.");
        return content.Length;
    }
}
