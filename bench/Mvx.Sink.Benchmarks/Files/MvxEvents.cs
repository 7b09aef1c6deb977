namespace Mvx.Sink.Benchmarks.Files;

/// <summary>The events as this project's own type; also what the plain loop writes.</summary>
internal static class MvxEvents
{
    public static LogEvent[] Make(int count) => [.. Enumerable.Range(0, count).Select(static number => Make(new FileEventContent(number)))];

    private static LogEvent Make(FileEventContent content) => new()
    {
        Level = LogEventLevel.Information,
        Name = FileEventContent.Name,
        Namespace = FileEventContent.Namespace,
        Message = FileEventContent.Message,
        Timestamp = content.Timestamp,
        Payload = new Dictionary<string, object?>
        {
            ["user"] = content.User,
            ["path"] = content.Path,
            ["elapsed"] = content.Elapsed,
            ["status"] = content.Status,
            ["tenant"] = content.Tenant,
        },
    };
}
