namespace Mvx.Sink.Samples.Monitoring;

/// <summary>Shows the sinks and the news until there will be no more.</summary>
internal interface IView
{
    Task ShowAsync(IReadOnlyList<AsyncSink<string>> sinks, IObservable<News> feed);
}
