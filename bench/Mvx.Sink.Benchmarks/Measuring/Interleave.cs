namespace Mvx.Sink.Benchmarks.Measuring;

/// <summary>The order in which peers take their turns: ABC, BCA, CAB, so that none always follows the same one.</summary>
internal static class Interleave
{
    public static IEnumerable<T> Round<T>(IReadOnlyList<T> peers, int round)
    {
        for (int i = 0; i < peers.Count; i++)
            yield return peers[(i + round) % peers.Count];
    }
}
