namespace Mvx.Sink.Benchmarks.Peers;

/// <summary>A peer that can be opened.</summary>
/// <param name="Name">What tables and charts call it.</param>
/// <param name="Lossless">Whether it must deliver every event: a round where it does not fails.</param>
/// <param name="Open">Opens it with a queue of that many events; a lossless peer gets one that cannot fill up.</param>
internal sealed record PeerSpec(string Name, bool Lossless, Func<int, Peer> Open);
