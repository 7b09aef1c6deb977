namespace Mvx.Sink.Integration.Docs.Examples;

// <described>
public sealed record AuditConfig(string Path, LogEventLevel Lowest = LogEventLevel.Information);

public sealed class AuditSink(AuditConfig config) : AsyncLogSink, IDescribedSink<AuditSink, AuditConfig>
{
    public static SinkDescriptor BuildDescriptor(AuditConfig config) =>
        new("audit", resourceKey: [Path.GetFullPath(config.Path)], configKey: [config.Lowest]);

    public static AuditSink Construct(AuditConfig config) => new(config);

    protected override async ValueTask DispatchAsync(LogEvent item, CancellationToken cancellationToken)
    {
        if (item.Level >= config.Lowest)
            await File.AppendAllLinesAsync(config.Path, [item.Name], cancellationToken);
    }
}
// </described>
