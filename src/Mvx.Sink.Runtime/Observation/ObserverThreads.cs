using System.Diagnostics;

namespace Mvx.Sink.Runtime;

/// <summary>
/// The threads that call observers, for the whole process: none while there is nothing to tell, a few while observers return, and one more for each that does
/// not. They are nobody else's, so an observer that blocks for ever starves neither the thread pool nor another observer.
/// </summary>
/// <remarks>
/// As many turns as there are processors run at once. A turn that takes longer than a moment does not count: it may be blocked, and the next thread takes its
/// place. Who is parked last is woken first, so that those that are not needed leave.
/// </remarks>
internal sealed class ObserverThreads(int most, int parallel, TimeSpan idle)
{
    /// <summary>So many observers can block for ever before the others have to wait for one of them.</summary>
    public const int Most = 256;

    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(10);

    // Under the lock, under which no user code runs.
    private readonly Lock _lock = new();
    private readonly List<ObserverThread> _threads = [];
    private readonly List<ObserverThread> _parked = [];
    private ObserverWork? _first;
    private ObserverWork? _last;
    private int _coming; // woken or started, and not back under the lock yet
    private int _running; // in user code for no longer than a moment, as far as is known
    private bool _isWatched;
    private bool _hasToldOfMost;

    /// <summary>Those that all sinks share.</summary>
    public static ObserverThreads Shared { get; } = new(Most, Math.Clamp(Environment.ProcessorCount, 2, 8), TimeSpan.FromSeconds(2));

    public int Count
    {
        get
        {
            lock (_lock)
                return _threads.Count;
        }
    }

    /// <summary>Has work done soon. Any thread; does not block, runs no user code and, the queue being made of the work itself, allocates nothing.</summary>
    public void Enqueue(ObserverWork work)
    {
        ObserverThread? wanted;
        bool isNew;
        lock (_lock)
        {
            Append_NeedsLock(work);
            wanted = Summon_NeedsLock(out isNew);
        }

        Send(wanted, isNew);
    }

    /// <summary>Waits for the thread's next work. Null: nothing has come for long, and the thread is to end.</summary>
    /// <param name="thread">The calling thread.</param>
    /// <param name="again">What it has run and is to be queued again.</param>
    public ObserverWork? Next(ObserverThread thread, ObserverWork? again)
    {
        lock (_lock)
            ComeBack_NeedsLock(thread, again);
        while (true)
        {
            ObserverWork? work;
            ObserverThread? wanted;
            bool isNew, isLast;
            lock (_lock)
            {
                work = TryTake_NeedsLock(thread);
                if (work is null)
                    Park_NeedsLock(thread);
                wanted = Summon_NeedsLock(out isNew);
                isLast = work is not null && IsLast_NeedsLock();
            }

            Send(wanted, isNew);
            if (isLast)
                TellOfMost();
            if (work is not null)
                return work;
            if (!WaitParked(thread))
                return null;
        }
    }

    private static void Send(ObserverThread? wanted, bool isNew)
    {
        if (isNew)
            wanted!.Start();
        else
            wanted?.Wake();
    }

    private void ComeBack_NeedsLock(ObserverThread thread, ObserverWork? again)
    {
        if (!thread.IsRunning)
            _coming--;
        else if (!thread.IsHeld)
            _running--;
        thread.IsRunning = thread.IsHeld = false;
        if (again is not null)
            Append_NeedsLock(again);
    }

    private ObserverWork? TryTake_NeedsLock(ObserverThread thread)
    {
        if (_first is not { } work)
            return null;
        long now = Stopwatch.GetTimestamp();
        if (_running >= parallel)
            LookForHeld_NeedsLock(now);
        if (_running >= parallel)
            return null;
        (_first, work.Next) = (work.Next, null);
        if (_first is null)
            _last = null;
        _running++;
        (thread.IsRunning, thread.Began) = (true, now);
        return work;
    }

    private void LookForHeld_NeedsLock(long now)
    {
        foreach (ObserverThread thread in _threads)
        {
            if (thread.IsRunning && !thread.IsHeld && Stopwatch.GetElapsedTime(thread.Began, now) >= _moment)
            {
                thread.IsHeld = true;
                _running--;
            }
        }
    }

    /// <summary>Who is to be woken or started for what is queued. Whenever something is, somebody is on the way, or watches, or all threads are in user code.</summary>
    private ObserverThread? Summon_NeedsLock(out bool isNew)
    {
        isNew = false;
        if (_first is null || (_running + _coming >= parallel && (_isWatched || _coming > 0)))
            return null;
        ObserverThread thread;
        if (_parked.Count > 0)
        {
            thread = _parked[^1];
            Unpark_NeedsLock(thread);
        }
        else if (_threads.Count < most)
        {
            isNew = true;
            _threads.Add(thread = new ObserverThread(this));
        }
        else
        {
            return null;
        }

        _coming++;
        return thread;
    }

    private void Park_NeedsLock(ObserverThread thread)
    {
        thread.IsParked = true;
        thread.IsWatching = _first is not null && !_isWatched;
        _isWatched |= thread.IsWatching;
        _parked.Add(thread);
    }

    private void Unpark_NeedsLock(ObserverThread thread)
    {
        _parked.Remove(thread);
        if (thread.IsWatching)
            _isWatched = false;
        thread.IsParked = thread.IsWatching = false;
    }

    /// <summary>Waits until woken, or, watching, for a moment. False: idle for so long that the thread has left the set.</summary>
    private bool WaitParked(ObserverThread thread)
    {
        bool isWoken = thread.Wait(thread.IsWatching ? _moment : idle);
        lock (_lock)
        {
            if (thread.IsParked)
            {
                bool isIdle = !thread.IsWatching && _first is null;
                Unpark_NeedsLock(thread);
                if (!isIdle)
                    return true;
                _threads.Remove(thread);
                _hasToldOfMost = false;
                return false;
            }

            _coming--;
        }

        // Its time was up just as somebody chose it: the call is on its way.
        if (!isWoken)
            thread.Wait(Timeout.InfiniteTimeSpan);
        return true;
    }

    private void Append_NeedsLock(ObserverWork work)
    {
        if (_last is null)
            _first = work;
        else
            _last.Next = work;
        _last = work;
    }

    private bool IsLast_NeedsLock()
    {
        if (_hasToldOfMost || _threads.Count < most || !_threads.TrueForAll(static thread => thread.IsRunning))
            return false;
        return _hasToldOfMost = true;
    }

    private void TellOfMost() => SinkDiagnostics.Report("observers", new TimeoutException(
        $"All {most} threads for observers are in use, because so many observers do not return. Until one does, nothing can be told to the others, which miss events. Leave long waits to ObserveOn."));
}
