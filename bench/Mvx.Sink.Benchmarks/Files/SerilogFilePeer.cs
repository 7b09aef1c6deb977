using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Json;
using Serilog.Parsing;
using LogEvent = Serilog.Events.LogEvent;
using LogEventLevel = Serilog.Events.LogEventLevel;

namespace Mvx.Sink.Benchmarks.Files;

/// <summary>Serilog's own JSON formatter and file sink, buffered, behind Serilog.Sinks.Async with a queue that cannot fill up.</summary>
internal sealed class SerilogFilePeer : IFilePeer
{
    private LogEvent[] _events = [];
    private Logger? _logger;

    public void Prepare(int count)
    {
        MessageTemplate template = new MessageTemplateParser().Parse(FileEventContent.Message);
        _events = [.. Enumerable.Range(0, count).Select(number => Make(template, new FileEventContent(number)))];
    }

    public void Open(string path) => _logger = new LoggerConfiguration()
        .WriteTo.Async(
            to => to.File(new JsonFormatter(renderMessage: false), path, buffered: true, fileSizeLimitBytes: null),
            bufferSize: _events.Length,
            blockWhenFull: true)
        .CreateLogger();

    public void LogAll()
    {
        Logger logger = _logger!;
        foreach (LogEvent item in _events)
            logger.Write(item);
    }

    public void Close() => _logger!.Dispose();

    public void Dispose() => _events = [];

    private static LogEvent Make(MessageTemplate template, FileEventContent content) => new(
        content.Timestamp,
        LogEventLevel.Information,
        exception: null,
        template,
        [
            new("namespace", new ScalarValue(FileEventContent.Namespace)),
            new("name", new ScalarValue(FileEventContent.Name)),
            new("user", new ScalarValue(content.User)),
            new("path", new ScalarValue(content.Path)),
            new("elapsed", new ScalarValue(content.Elapsed)),
            new("status", new ScalarValue(content.Status)),
            new("tenant", new ScalarValue(content.Tenant)),
        ]);
}
