namespace Mvx.Sink.Integration.Support;

/// <summary>Waits for what a test needs to happen, with a bound.</summary>
internal static class Bounded
{
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(60);

    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Time);

    public static Task InTime(this Task task) => task.WaitAsync(Time);

    /// <summary>Waits for the first event of an observable for which something holds.</summary>
    public static async Task<T> FirstAsync<T>(IObservable<T> observable, Func<T, bool> predicate)
    {
        var found = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable subscription = observable.Subscribe(new Observer<T>(item =>
        {
            if (predicate(item))
                found.TrySetResult(item);
        }));
        return await found.Task.InTime();
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
