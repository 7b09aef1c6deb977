using System.Reactive.Linq;

namespace Mvx.Sink.Samples.Monitoring;

/// <summary>A line for each piece of news.</summary>
internal sealed class PlainView : IView
{
    public Task ShowAsync(IReadOnlyList<AsyncSink<string>> sinks, IObservable<News> feed) =>
        feed.ForEachAsync(static news => Console.WriteLine($"{news.At:HH:mm:ss.fff}  {(news.IsLoss ? "LOSS " : "STATE")}  {news.Sink}: {news.Text}"));
}
