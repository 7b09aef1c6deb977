namespace Mvx.Sink.Integration.Guides.WriteASink;

// <config>
public sealed record CollectorConfig(Uri Address, string SpoolPath)
{
    public int Attempts { get; init; } = 3;

    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    public SinkOptions Options { get; init; } = new() { MaxBatchSize = 100, MaxBatchDelay = TimeSpan.FromMilliseconds(200) };
}
// </config>
