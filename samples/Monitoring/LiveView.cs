using System.Reactive.Linq;
using Spectre.Console;

namespace Mvx.Sink.Samples.Monitoring;

/// <summary>A page that is drawn anew several times a second.</summary>
internal sealed class LiveView(IAnsiConsole console) : IView
{
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(200);

    public async Task ShowAsync(IReadOnlyList<AsyncSink<string>> sinks, IObservable<News> feed)
    {
        var recent = new RecentNews();
        Task ended = feed.ForEachAsync(recent.Add);
        await console.Live(Page.Of(sinks, recent)).StartAsync(async live =>
        {
            using var timer = new PeriodicTimer(_period);
            while (!ended.IsCompleted && await timer.WaitForNextTickAsync())
                live.UpdateTarget(Page.Of(sinks, recent));
            live.UpdateTarget(Page.Of(sinks, recent));
        });
        await ended;
    }
}
