namespace Mvx.Sink.Verification;

/// <summary>
/// Repeats something and looks whether the process holds more afterwards. Other work of the process makes noise, so a leak counts only when it grows with the
/// cycles, does not settle, and is there again in a second try.
/// </summary>
internal static class LeakSearch
{
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

        // What was forgotten and then collected, or is hidden by others' things going away, has leaked too: it grows cycle by cycle with few interruptions.
        bool Climbed(int k) => cycles >= 5 && kinds[k] != ResourceKind.PoolWork && increments[k] * 10 >= cycles * 8;
        int tolerance = Math.Max(2, cycles / 4);
        bool Grew(int k, ResourceCount now) => now.Of(kinds[k]) - before.Of(kinds[k]) > tolerance;
        ResourceCount after = previous;
        Patience.Until(
            () =>
            {
                after = ResourceCount.Now(openInBackend);
                return !Enumerable.Range(0, kinds.Count).Any(k => Grew(k, after));
            },
            settle);
        return
        [
            .. Enumerable.Range(0, kinds.Count)
                .Where(k => Grew(k, after) || Climbed(k))
                .Select(k => new LeakFinding(kinds[k], cycles, before.Of(kinds[k]), after.Of(kinds[k]))),
        ];
    }
}
