using System.Diagnostics.CodeAnalysis;

namespace Mvx.Sink.Runtime;

/// <summary>
/// One observer's subscription: a bounded buffer that the threads for observers empty into it, one event at a time. A slow observer loses events and is
/// told how many with the next one; a throwing one is reported and unsubscribed.
/// </summary>
internal sealed class ObserverMailbox<T>(ObserverHub<T> hub, IObserver<T> observer, string context, T[] first) : ObserverWork, IDisposable
    where T : class, IMissable<T>
{
    private const int Capacity = 1024;

    /// <summary>Events that an observer is told before others get their turn.</summary>
    private const int Turn = 256;

    private readonly Lock _lock = new();

    // Under the lock.
    private readonly Queue<T> _items = new();
    private T? _newest;
    private long _missed;
    private bool _completed;
    private bool _scheduled = true; // until DeliverFirst has run

    private volatile bool _disposed;

    public void Post(T item)
    {
        lock (_lock)
        {
            if (_disposed || _completed)
                return;
            if (_items.Count == Capacity)
            {
                // The newest is kept, so that the last of all gets through and tells what is missing before it.
                if (_newest is not null)
                    _missed++;
                _newest = item;
                return;
            }

            _items.Enqueue(item);
            if (_scheduled)
                return;
            _scheduled = true;
        }

        ObserverThreads.Shared.Enqueue(this);
    }

    public void Complete()
    {
        lock (_lock)
        {
            if (_completed)
                return;
            _completed = true;
            if (_scheduled)
                return;
            _scheduled = true;
        }

        ObserverThreads.Shared.Enqueue(this);
    }

    /// <summary>Delivers what the subscription began with on the subscriber's own thread; the threads for observers deliver the rest.</summary>
    public void DeliverFirst()
    {
        foreach (T item in first)
            Deliver(item);
        lock (_lock)
        {
            _scheduled = _items.Count > 0 || _completed;
            if (!_scheduled)
                return;
        }

        ObserverThreads.Shared.Enqueue(this);
    }

    public override bool RunTurn()
    {
        for (int left = Turn; left > 0; left--)
        {
            if (!TryTake(out T? item, out bool completed))
            {
                if (completed)
                    DeliverCompletion();
                return false;
            }

            Deliver(item);
        }

        return true;
    }

    public void Dispose()
    {
        _disposed = true;
        hub.Remove(this);
    }

    /// <summary>Takes the next event; false when there is none, and from then on whoever posts one schedules the next turn.</summary>
    private bool TryTake([MaybeNullWhen(false)] out T item, out bool completed)
    {
        lock (_lock)
        {
            bool any = _items.TryDequeue(out item);
            if (_newest is { } newest)
            {
                _items.Enqueue(_missed == 0 ? newest : newest.WithMissed(_missed));
                (_newest, _missed) = (null, 0);
            }

            _scheduled = any;
            completed = !any && _completed;
            return any;
        }
    }

    private void Deliver(T item)
    {
        if (_disposed)
            return;
        try
        {
            observer.OnNext(item);
        }
        catch (Exception error)
        {
            Dispose();
            SinkDiagnostics.Report($"observer of {context} (unsubscribed)", error);
        }
    }

    private void DeliverCompletion()
    {
        if (_disposed)
            return;
        _disposed = true;
        try
        {
            observer.OnCompleted();
        }
        catch (Exception error)
        {
            SinkDiagnostics.Report($"observer of {context}", error);
        }
    }
}
