using NLog;
using NLog.Common;
using NLog.Config;
using NLog.Layouts;
using NLog.Targets;
using NLog.Targets.Wrappers;

namespace Mvx.Sink.Benchmarks.Files;

/// <summary>NLog's JSON layout and file target, kept open and not flushed per write, behind its async wrapper with a queue that grows.</summary>
internal sealed class NLogFilePeer : IFilePeer
{
    private AsyncLogEventInfo[] _events = [];
    private LogFactory? _factory;
    private AsyncTargetWrapper? _target;

    public void Prepare(int count) => _events = [.. Enumerable.Range(0, count).Select(static number => Make(new FileEventContent(number)))];

    public void Open(string path)
    {
        var layout = new JsonLayout { IncludeEventProperties = true, SuppressSpaces = true };
        layout.Attributes.Add(new JsonAttribute("timestamp", "${longdate}") { Encode = false });
        layout.Attributes.Add(new JsonAttribute("level", "${level}") { Encode = false });
        layout.Attributes.Add(new JsonAttribute("namespace", "${logger}"));
        layout.Attributes.Add(new JsonAttribute("message", "${message}"));
        var file = new FileTarget("file") { FileName = path, Layout = layout, KeepFileOpen = true, AutoFlush = false, LineEnding = LineEndingMode.LF };
        // A batch of a thousand and no pause between batches: its fastest settings.
        _target = new AsyncTargetWrapper(file, _events.Length, AsyncTargetWrapperOverflowAction.Grow) { Name = "async", BatchSize = 1_000, TimeToSleepBetweenBatches = 0 };
        _factory = new LogFactory();
        var configuration = new LoggingConfiguration(_factory);
        configuration.AddTarget(_target);
        configuration.AddRuleForAllLevels(_target);
        _factory.Configuration = configuration;
    }

    public void LogAll()
    {
        AsyncTargetWrapper target = _target!;
        foreach (AsyncLogEventInfo item in _events)
            target.WriteAsyncLogEvent(item);
    }

    public void Close()
    {
        _factory!.Flush(TimeSpan.FromSeconds(60));
        _factory.Shutdown();
        _factory.Dispose();
    }

    public void Dispose() => _events = [];

    private static AsyncLogEventInfo Make(FileEventContent content)
    {
        var item = new LogEventInfo(NLog.LogLevel.Info, FileEventContent.Namespace, FileEventContent.Message) { TimeStamp = content.Timestamp.UtcDateTime };
        item.Properties["name"] = FileEventContent.Name;
        item.Properties["user"] = content.User;
        item.Properties["path"] = content.Path;
        item.Properties["elapsed"] = content.Elapsed;
        item.Properties["status"] = content.Status;
        item.Properties["tenant"] = content.Tenant;
        return new AsyncLogEventInfo(item, static _ => { });
    }
}
