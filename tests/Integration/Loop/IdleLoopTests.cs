using System.Globalization;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Loop;

[Collection(ProcessWideCollection.Name)]
public sealed class IdleLoopTests
{
    // A span to measure over, not a wait for something to happen.
    private static readonly TimeSpan _span = TimeSpan.FromMilliseconds(500);

    [LinuxFact]
    public void P1_An_idle_loop_is_not_scheduled_at_all()
    {
        using var loop = new SinkLoop();
        string thread = Patience.Finish(loop.InvokeAsync(static () => Path.GetFileName(File.ResolveLinkTarget("/proc/thread-self", returnFinalTarget: false)!.FullName)), "The loop tells its thread");
        ScriptedSink[] sinks = [.. Enumerable.Range(0, 10).Select(_ => HostedSink.On(loop))];
        foreach (ScriptedSink sink in sinks)
        {
            sink.Log("x");
            Patience.Finish(sink.FlushAsync().AsTask(), "A sink flushes");
        }

        // It may look for work a little longer before it parks.
        Patience.Until(() => IsQuiet(thread), "The loop parks");
        (long Switches, long Ticks) before = Measure(thread);
        using var never = new ManualResetEventSlim();
        never.Wait(_span);
        (long Switches, long Ticks) after = Measure(thread);

        Assert.InRange(after.Switches - before.Switches, 0, 3);
        Assert.InRange(after.Ticks - before.Ticks, 0, 1);
        sinks[3].Log("y");
        Patience.Finish(sinks[3].FlushAsync().AsTask(), "The loop wakes up again");
    }

    private static bool IsQuiet(string thread)
    {
        (long Switches, long Ticks) before = Measure(thread);
        using var never = new ManualResetEventSlim();
        never.Wait(TimeSpan.FromMilliseconds(20));
        return before == Measure(thread);
    }

    private static (long Switches, long Ticks) Measure(string thread)
    {
        long switches = File.ReadLines($"/proc/self/task/{thread}/status")
            .Where(static line => line.Contains("ctxt_switches", StringComparison.Ordinal))
            .Sum(static line => long.Parse(line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1).Trim(), CultureInfo.InvariantCulture));
        // After the name in parentheses: state is the first field, utime the 12th, stime the 13th.
        string stat = File.ReadAllText($"/proc/self/task/{thread}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (switches, long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture));
    }
}
