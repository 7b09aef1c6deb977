using Mvx.Sink.Files;

namespace Mvx.Sink.Integration.Files;

/// <summary>Short ways to sinks and events.</summary>
internal static class FileSinks
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    public static ManagedSink<FileSink> Create(FileSinkConfig config) => SinkRuntime.Create(() => new FileSink(config));

    public static LogEvent Event(string name, string? message = null, IReadOnlyDictionary<string, object?>? payload = null, Exception? exception = null) => new()
    {
        Level = LogEventLevel.Information,
        Name = name,
        Timestamp = Noon,
        Message = message,
        Payload = payload ?? new Dictionary<string, object?>(),
        Exception = exception,
    };

    /// <summary>Writes events with a sink of its own, from start to stop.</summary>
    public static void Write(FileSinkConfig config, params string[] names)
    {
        using ManagedSink<FileSink> managed = Create(config);
        foreach (string name in names)
            managed.Sink.Log(Event(name));
        managed.Terminate();
        Assert.Equal(SinkState.Stopped, managed.Sink.State);
    }

    public static IReadOnlyList<string?> Names(string path) => [.. TemporaryFolder.Events(path).Select(static line => line.GetProperty("name").GetString())];
}
