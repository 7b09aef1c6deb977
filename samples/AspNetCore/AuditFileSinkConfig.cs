namespace Mvx.Sink.Samples.AspNetCore;

/// <summary>Where the sample's events go.</summary>
internal sealed record AuditFileSinkConfig
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The pending limit.</summary>
    public int QueueMaxSize { get; init; } = 10_000;
}
