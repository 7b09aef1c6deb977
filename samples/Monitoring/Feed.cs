using System.Reactive.Linq;

namespace Mvx.Sink.Samples.Monitoring;

/// <summary>What the observables of several sinks tell, as one feed. It completes when the last of them is closed.</summary>
internal static class Feed
{
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(500);

    public static IObservable<News> Of(IEnumerable<AsyncSink<string>> sinks) =>
        sinks.Select(static sink => Transitions(sink.Lifecycle).Merge(Losses(sink.Dispatches))).Merge();

    private static IObservable<News> Transitions(IObservable<SinkLifecycleEvent> lifecycle) => lifecycle.Select(static change => new News(
        change.Timestamp,
        change.SinkName,
        change.IsReplay ? $"is {change.To}" : $"{change.From} -> {change.To}{(change.Error is null ? "" : $": {change.Error.Message}")}",
        IsLoss: false));

    /// <summary>One line per kind and half a second, however many events are lost.</summary>
    private static IObservable<News> Losses<TEvent>(IObservable<SinkDispatchEvent<TEvent>> dispatches) =>
        dispatches.Buffer(_period).SelectMany(Summary);

    private static IEnumerable<News> Summary<TEvent>(IList<SinkDispatchEvent<TEvent>> batch)
    {
        if (batch.Count == 0)
            yield break;
        SinkDispatchEvent<TEvent> last = batch[^1];
        foreach (IGrouping<SinkDispatchKind, SinkDispatchEvent<TEvent>> kind in batch.GroupBy(static dispatch => dispatch.Kind))
        {
            if (kind.Key != SinkDispatchKind.Delivered)
                yield return new News(last.Timestamp, last.SinkName, $"{kind.Count()} {$"{kind.Key}".ToLowerInvariant()}", IsLoss: true);
        }

        long missed = batch.Sum(static dispatch => dispatch.Missed);
        if (missed > 0)
            yield return new News(last.Timestamp, last.SinkName, $"{missed} not seen, because this view was too slow", IsLoss: true);
    }
}
