namespace Mvx.Sink.Verification;

/// <summary>
/// Repeats something and looks whether the process holds more afterwards. Other work of the process makes noise, so a leak counts only when it grows with the
/// cycles, does not settle, and is there again in a second try.
/// </summary>
internal static class LeakSearch
{
    private const int EnoughCalm = 3;

    private static readonly ResourceKind[] _allKinds = Enum.GetValues<ResourceKind>();

    public static LeakFinding? Find(int cycles, Action cycle, TimeSpan settle, Func<int>? openInBackend, IReadOnlyList<ResourceKind>? kinds = null) =>
        FindAll(cycles, cycle, settle, openInBackend, kinds ?? _allKinds) is [var first, ..] ? first : null;

    public static IReadOnlyList<LeakFinding> FindAll(int cycles, Action cycle, TimeSpan settle, Func<int>? openInBackend, IReadOnlyList<ResourceKind> kinds)
    {
        for (int i = 0; i < 2; i++)
            cycle();
        List<LeakFinding> first = Try(cycles, cycle, settle, openInBackend, kinds);
        if (first.Count == 0)
            return [];
        List<LeakFinding> second = Try(cycles, cycle, settle, openInBackend, kinds);
        return [.. second.Where(finding => first.Exists(other => other.Kind == finding.Kind))];
    }

    private static List<LeakFinding> Try(int cycles, Action cycle, TimeSpan settle, Func<int>? openInBackend, IReadOnlyList<ResourceKind> kinds)
    {
        int collections = GC.CollectionCount(0);
        ResourceCount before = ResourceCount.Now(openInBackend);
        ResourceCount previous = before;
        int[] increments = new int[kinds.Count];
        for (int i = 0; i < cycles; i++)
        {
            cycle();
            ResourceCount now = ResourceCount.Now(openInBackend);
            for (int k = 0; k < kinds.Count; k++)
                increments[k] += now.Of(kinds[k]) > previous.Of(kinds[k]) ? 1 : 0;
            previous = now;
        }

        int tolerance = Math.Max(2, cycles / 4);
        bool Grew(int k, ResourceCount now) => now.Of(kinds[k]) - before.Of(kinds[k]) > tolerance;
        ResourceCount after = previous;
        ResourceCount grown = previous;
        int calm = 0;
        // What begins anew all the time, as a loop of delays does, is gone for a moment again and again.
        bool settled = Patience.Until(
            () =>
            {
                after = ResourceCount.Now(openInBackend);
                calm++;
                if (Enumerable.Range(0, kinds.Count).Any(k => Grew(k, after)))
                    (grown, calm) = (after, 0);
                return calm >= EnoughCalm;
            },
            settle);
        if (!settled)
            after = grown;
        bool collected = GC.CollectionCount(0) != collections;
        // What was forgotten and then collected, or is hidden by others' things going away, has leaked too: it grows cycle by cycle with few interruptions. Timers that
        // are gone without a collection have expired.
        bool Climbed(int k) => cycles >= 5 && kinds[k] != ResourceKind.PoolWork && (kinds[k] != ResourceKind.Timers || collected) && increments[k] * 10 >= cycles * 8;
        return
        [
            .. Enumerable.Range(0, kinds.Count)
                .Where(k => Grew(k, after) || Climbed(k))
                .Select(k => new LeakFinding(kinds[k], cycles, before.Of(kinds[k]), after.Of(kinds[k]))),
        ];
    }
}
