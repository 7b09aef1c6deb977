namespace Mvx.Sink.Benchmarks.Peers;

/// <summary>The prepared event of every peer that takes an event type of our choice.</summary>
internal sealed class BenchEvent
{
    public static readonly BenchEvent Prepared = new();
}
