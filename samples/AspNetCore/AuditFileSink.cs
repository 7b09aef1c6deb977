using System.Text;
using System.Text.Json;
using Mvx.Sink.Model;
using Mvx.Sink.Runtime;

namespace Mvx.Sink.Samples.AspNetCore;

// <snippet a-sink>
/// <summary>Appends each event to a file, as a line of JSON: a sink as small as it gets.</summary>
internal sealed class AuditFileSink(AuditFileSinkConfig config)
    : AsyncLogSink(new SinkOptions { Namespace = "audit-file", QueueMaxSize = config.QueueMaxSize, OverflowPolicy = QueueOverflowPolicy.Drop }),
        IDescribedSink<AuditFileSink, AuditFileSinkConfig>
{
    private FileStream? _file;

    public static SinkDescriptor BuildDescriptor(AuditFileSinkConfig config) => new("audit-file", [Path.GetFullPath(config.Path)], [config.QueueMaxSize]);

    public static AuditFileSink Construct(AuditFileSinkConfig config) => new(config);

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        _file = new FileStream(config.Path, FileMode.Append, FileAccess.Write, FileShare.Read);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask DispatchAsync(LogEvent item, CancellationToken cancellationToken)
    {
        string line = JsonSerializer.Serialize(new { item.Timestamp, Level = item.Level.ToString(), item.Namespace, item.Name, item.Message });
        _file!.Write(Encoding.UTF8.GetBytes(line + "\n"));
        return ValueTask.CompletedTask;
    }

    protected override async ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        await _file!.DisposeAsync();
        _file = null;
    }
}
// </snippet>
