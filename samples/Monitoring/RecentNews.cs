namespace Mvx.Sink.Samples.Monitoring;

/// <summary>The last transitions and the last losses. One thread adds, another looks.</summary>
internal sealed class RecentNews
{
    private const int Kept = 8;

    private readonly Lock _lock = new();
    private readonly Queue<News> _transitions = new();
    private readonly Queue<News> _losses = new();

    public News[] Transitions => CopyOf(_transitions);

    public News[] Losses => CopyOf(_losses);

    public void Add(News news)
    {
        Queue<News> kept = news.IsLoss ? _losses : _transitions;
        lock (_lock)
        {
            kept.Enqueue(news);
            if (kept.Count > Kept)
                kept.Dequeue();
        }
    }

    private News[] CopyOf(Queue<News> kept)
    {
        lock (_lock)
            return [.. kept];
    }
}
