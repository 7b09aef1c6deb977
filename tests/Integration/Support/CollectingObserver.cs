namespace Mvx.Sink.Integration.Support;

/// <summary>Keeps what it is told, in order, and completes a task when it is told the end.</summary>
internal sealed class CollectingObserver<T> : IObserver<T>
{
    private readonly Lock _lock = new();
    private readonly List<T> _items = [];
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inside;

    /// <summary>Runs inside each OnNext, before the item is kept.</summary>
    public Action<T> OnItem { get; set; } = static _ => { };

    public Task Completed => _completed.Task;

    /// <summary>Whether two calls ever overlapped, or one came after the end.</summary>
    public bool BrokeTheContract { get; private set; }

    public T[] Items
    {
        get
        {
            lock (_lock)
                return [.. _items];
        }
    }

    public void OnNext(T value)
    {
        BrokeTheContract |= Interlocked.Increment(ref _inside) != 1 || Completed.IsCompleted;
        OnItem(value);
        lock (_lock)
            _items.Add(value);
        Interlocked.Decrement(ref _inside);
    }

    public void OnCompleted()
    {
        BrokeTheContract |= Volatile.Read(ref _inside) != 0 || !_completed.TrySetResult();
        _completed.TrySetResult();
    }

    public void OnError(Exception error) => BrokeTheContract = true;

    public T[] WaitFor(int count)
    {
        Patience.Until(() => Items.Length >= count, $"The observer gets {count} items");
        return Items;
    }

    public T[] WaitForCompletion()
    {
        Patience.Finish(Completed, "The observer is told the end");
        return Items;
    }
}
