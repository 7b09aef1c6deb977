namespace Mvx.Sink.Benchmarks.Peers;

/// <summary>An open peer and how many events have been logged to it.</summary>
internal sealed class OpenPeer(PeerSpec spec, int capacity) : IDisposable
{
    public PeerSpec Spec { get; } = spec;

    public Peer Peer { get; } = spec.Open(capacity);

    public long Logged { get; set; }

    public static List<OpenPeer> All(IEnumerable<PeerSpec> specs, int capacity) => [.. specs.Select(spec => new OpenPeer(spec, capacity))];

    /// <summary>
    /// Has every method on the way compiled for good: many short calls, since a method is promoted by how often it is called, with pauses, since
    /// the compiler promotes only when nothing new comes in.
    /// </summary>
    public static void WarmUp(IReadOnlyList<OpenPeer> peers)
    {
        for (int pass = 0; pass < 3; pass++)
        {
            foreach (OpenPeer open in peers)
            {
                for (int call = 0; call < 60; call++)
                {
                    open.Peer.Produce(500);
                    open.Peer.LogOne();
                    open.Logged += 501;
                }

                open.Peer.Settle(open.Logged);
            }

            Measuring.Quiet.LetTheJitFinish();
        }
    }

    public void Dispose() => Peer.Dispose();
}
