using System.Threading.Channels;
using NLog.Targets.Wrappers;

namespace Mvx.Sink.Benchmarks.Peers;

/// <summary>Who is measured.</summary>
internal static class PeerCatalog
{
    public const string Ours = "Mvx.Sink";
    public const string Channel = "Channel, unbounded";
    public const string BoundedChannel = "Channel, bounded";
    public const string Locked = "Lock + counter + channel";
    public const string OpenTelemetry = "OpenTelemetry batch";
    public const string NLogGrow = "NLog async, grow";
    public const string NLogBlock = "NLog async, block";
    public const string SerilogBlock = "Serilog async, block";

    /// <summary>The queue size of the peers that are measured dropping: NLog's and Serilog's default.</summary>
    public const int SmallQueue = 10_000;

    public static IReadOnlyList<PeerSpec> Lossless { get; } =
    [
        new(Ours, true, static capacity => new MvxPeer(capacity)),
        new(Channel, true, static _ => ChannelPeer.Unbounded()),
        new(BoundedChannel, true, static capacity => ChannelPeer.Bounded(capacity)),
        new(Locked, true, static capacity => new LockedCounterPeer(capacity)),
        new(OpenTelemetry, true, static capacity => new OpenTelemetryPeer(capacity)),
        new(NLogGrow, true, static capacity => new NLogPeer(capacity, AsyncTargetWrapperOverflowAction.Grow)),
        new(NLogBlock, true, static capacity => new NLogPeer(capacity, AsyncTargetWrapperOverflowAction.Block)),
        new(SerilogBlock, true, static capacity => new SerilogPeer(capacity, block: true)),
    ];

    public static IReadOnlyList<PeerSpec> Dropping { get; } =
    [
        new("Mvx.Sink, drop", false, static capacity => new MvxPeer(capacity, QueueOverflowPolicy.Drop)),
        new("Channel, bounded, drop", false, static capacity => ChannelPeer.Bounded(capacity, BoundedChannelFullMode.DropWrite)),
        new("Lock + counter + channel, drop", false, static capacity => new LockedCounterPeer(capacity)),
        new("OpenTelemetry batch, drop", false, static capacity => new OpenTelemetryPeer(capacity)),
        new("NLog async, discard", false, static capacity => new NLogPeer(capacity, AsyncTargetWrapperOverflowAction.Discard)),
        new("Serilog async, drop", false, static capacity => new SerilogPeer(capacity, block: false)),
    ];
}
