namespace Mvx.Sink.Integration.Support;

/// <summary>Waits for what an observable tells, with a bound.</summary>
internal static class Observed
{
    /// <summary>The first event for which something holds. Subscribes before it returns.</summary>
    public static async Task<T> FirstAsync<T>(IObservable<T> observable, Func<T, bool> predicate)
    {
        var found = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable subscription = observable.Subscribe(new Observer<T>(item =>
        {
            if (predicate(item))
                found.TrySetResult(item);
        }));
        return await found.Task.Within();
    }

    private sealed class Observer<T>(Action<T> next) : IObserver<T>
    {
        public void OnNext(T value) => next(value);

        public void OnError(Exception error)
        {
        }

        public void OnCompleted()
        {
        }
    }
}
