using System.Reactive.Subjects;

namespace Mvx.Sink.Samples.Monitoring;

/// <summary>Errors without a caller, as news instead of lines on standard error, which would disturb the view.</summary>
internal sealed class InternalErrors : IDisposable
{
    private readonly Subject<News> _subject = new();
    private readonly ISubject<News> _news;

    public InternalErrors()
    {
        _news = Subject.Synchronize(_subject); // sinks report on several threads
        SinkDiagnostics.InternalError = error =>
            _news.OnNext(new News(TimeProvider.System.GetUtcNow(), $"{error.Data[SinkDiagnostics.ContextKey]}", error.Message, IsLoss: true));
    }

    public IObservable<News> News => _news;

    /// <summary>No more will come.</summary>
    public void Complete()
    {
        SinkDiagnostics.InternalError = null;
        _news.OnCompleted();
    }

    public void Dispose() => _subject.Dispose();
}
