namespace Mvx.Sink.Verification;

/// <summary>
/// How much slower than usual this machine is right now, told by what a few rounds of a sink that does nothing take. Budgets and bounds are multiplied by it, so that
/// a busy machine gets fewer verdicts wrong rather than less done.
/// </summary>
internal static class MachineSpeed
{
    private const int Rounds = 7;

    /// <summary>So long one round takes on an idle machine of today, generously.</summary>
    private static readonly TimeSpan _usual = TimeSpan.FromMilliseconds(1);

    /// <summary>1 on an idle machine, 5 at most.</summary>
    public static double Measure()
    {
        try
        {
            using var loop = new SinkLoop("Mvx.Sink.Verification baseline");
            IdleSink sink = loop.InvokeAsync(static () => new IdleSink()).Result;
            var times = new TimeSpan[Rounds];
            for (int i = 0; i < Rounds; i++)
            {
                long started = TimeProvider.System.GetTimestamp();
                sink.Start().Wait();
                sink.Log(i);
                sink.Stop().Wait();
                times[i] = TimeProvider.System.GetElapsedTime(started);
            }

            Array.Sort(times);
            return Math.Clamp(times[Rounds * 3 / 4] / _usual, 1, 5);
        }
        catch (Exception)
        {
            return 1; // a machine without a thread to spare has other worries
        }
    }

    private sealed class IdleSink : AsyncSink<int>
    {
        protected override ValueTask DispatchAsync(int item, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
