using Mvx.Sink.Benchmarks.Measuring;

namespace Mvx.Sink.Benchmarks.Workloads;

internal static class FilePeers
{
    public const string Ours = "Mvx.Sink FileSink";
    public const string Serilog = "Serilog async + File, JSON";
    public const string NLog = "NLog async file, JSON";
    public const string Plain = "plain loop, Utf8JsonWriter";
}

internal sealed class FileWorkload : IWorkload
{
    public const string Id = "file";
    public const string Rate = "end to end";
    public const string Case = "1 producer";
    public string Name => Id;
    public string Question => "files";
    public void Run(BenchOptions options, FigureBook book, Action<string> progress) { }
}
