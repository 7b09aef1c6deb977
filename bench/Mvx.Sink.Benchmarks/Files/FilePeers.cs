namespace Mvx.Sink.Benchmarks.Files;

/// <summary>Who writes files.</summary>
internal static class FilePeers
{
    public const string Ours = "Mvx.Sink FileSink";
    public const string Serilog = "Serilog async + File, JSON";
    public const string NLog = "NLog async file, JSON";
    public const string Plain = "Plain loop, Utf8JsonWriter";

    public static IReadOnlyList<(string Name, Func<IFilePeer> Create)> All { get; } =
    [
#if MVX_SINK_FILES
        (Ours, static () => new MvxFilePeer()),
#endif
        (Serilog, static () => new SerilogFilePeer()),
        (NLog, static () => new NLogFilePeer()),
        (Plain, static () => new PlainFilePeer()),
    ];
}
