using System.Reactive.Linq;
using Mvx.Sink.Samples.Monitoring.Sinks;
using Spectre.Console;

namespace Mvx.Sink.Samples.Monitoring;

/// <summary>Three sinks under load, one of which fails and one of which overflows, and a view of them.</summary>
internal static class Program
{
    private const int Ok = 0;
    private const int BadInput = 2;

    public static async Task<int> Main(string[] args)
    {
        if (Arguments.Parse(args, out string message) is { } arguments)
        {
            await RunAsync(arguments);
            return Ok;
        }

        await Console.Error.WriteLineAsync($"monitoring: {message}");
        return BadInput;
    }

    private static async Task RunAsync(Arguments arguments)
    {
        using var stop = new StopSignals();
        using var errors = new InternalErrors();
        var outage = new Outage();
        ManagedSink<OrdersSink> orders = SinkRuntime.Create(static () => new OrdersSink());
        ManagedSink<MailSink> mail = SinkRuntime.Create(static () => new MailSink());
        ManagedSink<ClicksSink> clicks = SinkRuntime.Create(() => new ClicksSink(outage));
        AsyncSink<string>[] sinks = [orders.Sink, mail.Sink, clicks.Sink];

        Task watching = ViewFor(arguments).ShowAsync(sinks, Feed.Of(sinks).Merge(errors.News));
        await Traffic.RunAsync(orders.Sink, mail.Sink, clicks.Sink, outage, arguments.Seconds, stop.Token);
        await EndAsync(orders);
        await EndAsync(mail);
        await EndAsync(clicks);
        errors.Complete();
        await watching;
        foreach (AsyncSink<string> sink in sinks)
            Console.WriteLine($"{sink}: {sink.Ledger}{(sink.LastError is { } error ? $"; {error.Message}" : "")}");
    }

    /// <summary>Delivers what is accepted and ends the thread. A stop that fails is in the news, and in the sink's LastError.</summary>
    private static async Task EndAsync<TSink>(ManagedSink<TSink> managed)
    {
        try
        {
            await managed.DisposeAsync();
        }
        catch (SinkException)
        {
            // Told by the last lines.
        }
    }

    private static IView ViewFor(Arguments arguments)
    {
        if (!(arguments.Live ?? (!Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi)))
            return new PlainView();
        return new LiveView(arguments.Live is null ? AnsiConsole.Console : AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
        }));
    }
}
