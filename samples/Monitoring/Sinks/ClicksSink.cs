namespace Mvx.Sink.Samples.Monitoring.Sinks;

/// <summary>Its backend is away for a time; the queue fills up, and what does not fit is dropped.</summary>
internal sealed class ClicksSink(Outage outage)
    : AsyncSink<string>(new SinkOptions { Namespace = "clicks", QueueMaxSize = 100, OverflowPolicy = QueueOverflowPolicy.Drop })
{
    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken) => await outage.PassAsync(cancellationToken);
}
