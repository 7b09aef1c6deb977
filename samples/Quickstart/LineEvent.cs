namespace Mvx.Sink.Quickstart;

/// <summary>A line of a log as an event.</summary>
internal static class LineEvent
{
    public static LogEvent Of(LineSource source, string line) => new()
    {
        Level = LevelOf(line),
        Name = "log.line",
        Timestamp = TimeProvider.System.GetUtcNow(),
        Namespace = "quickstart",
        Message = line,
        Payload = new Dictionary<string, object?>(StringComparer.Ordinal) { ["source"] = source.Name, ["line"] = source.LinesRead },
    };

    private static LogEventLevel LevelOf(string line) =>
        line.Contains("error", StringComparison.OrdinalIgnoreCase) ? LogEventLevel.Error
        : line.Contains("warn", StringComparison.OrdinalIgnoreCase) ? LogEventLevel.Warning
        : LogEventLevel.Information;
}
