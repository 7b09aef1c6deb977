namespace Mvx.Sink.Integration.Guides.FromPython;

// <sink>
public sealed record StreamConfig(Uri Target, string Stream);

public sealed class StreamSink(StreamConfig config) : AsyncLogSink, IDescribedSink<StreamSink, StreamConfig>
{
    private StreamClient? _client;

    public static SinkDescriptor BuildDescriptor(StreamConfig config) =>
        new("stream", resourceKey: [config.Target, config.Stream], configKey: []);

    public static StreamSink Construct(StreamConfig config) => new(config);

    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken) =>
        _client = await StreamClient.ConnectAsync(config.Target, cancellationToken);

    protected override async ValueTask DispatchAsync(LogEvent item, CancellationToken cancellationToken) =>
        await _client!.AddAsync(config.Stream, item, cancellationToken);

    protected override async ValueTask OnStoppedAsync(CancellationToken cancellationToken) =>
        await _client!.DisposeAsync();
}
// </sink>
