using Mvx.Sink.Samples.Monitoring.Sinks;

namespace Mvx.Sink.Samples.Monitoring;

/// <summary>Logs to the sinks, ten times a second, and lets one backend be away for a quarter of the time.</summary>
internal static class Traffic
{
    private const int TicksPerSecond = 10;

    /// <summary>Counts turns and not time, so that a slow machine shows the same.</summary>
    public static async Task RunAsync(OrdersSink orders, MailSink mail, ClicksSink clicks, Outage outage, int seconds, CancellationToken stop)
    {
        int turns = seconds * TicksPerSecond;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / TicksPerSecond));
        try
        {
            for (int turn = 0; turn < turns; turn++)
            {
                if (turn == turns / 4)
                    outage.Begin();
                if (turn == turns / 2)
                    outage.End();
                Log(orders, 20);
                Log(mail, 4);
                Log(clicks, 30);
                await timer.WaitForNextTickAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C
        }
        finally
        {
            outage.End();
        }
    }

    /// <summary>TryLog: the mails after the failure are refused, and that is no reason to end.</summary>
    private static void Log(AsyncSink<string> sink, int count)
    {
        for (int i = 0; i < count; i++)
            sink.TryLog("event");
    }
}
