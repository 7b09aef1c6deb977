namespace Mvx.Sink.Integration.Support;

/// <summary>The configuration of a <see cref="MemorySink"/>.</summary>
internal sealed record MemorySinkConfig
{
    public required string Key { get; init; }

    public int QueueMaxSize
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(QueueMaxSize), value, "must be at least 1.");
    } = 10_000;

    public bool DropWhenFull { get; init; }

    public TimeSpan Patience { get; init; }
}
