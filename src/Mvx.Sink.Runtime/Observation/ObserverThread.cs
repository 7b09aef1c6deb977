using System.Diagnostics.CodeAnalysis;

namespace Mvx.Sink.Runtime;

/// <summary>One of the threads for observers. Its fields are under the lock of the set.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Nobody asks for the semaphore's wait handle, so it holds nothing to release.")]
internal sealed class ObserverThread(ObserverThreads set)
{
    private readonly SemaphoreSlim _wake = new(0);
    private ObserverWork? _work;
    private bool _again;

    /// <summary>Whether it waits to be woken.</summary>
    public bool IsParked { get; set; }

    /// <summary>Whether, parked, it looks from time to time at those that run.</summary>
    public bool IsWatching { get; set; }

    /// <summary>Whether it is in user code.</summary>
    public bool IsRunning { get; set; }

    /// <summary>Whether it has been in user code for so long that it does not count as running any more.</summary>
    public bool IsHeld { get; set; }

    /// <summary>When its turn began.</summary>
    public long Began { get; set; }

    /// <summary>Starts it. Infallible: where the system has no thread to give, the pool lends one.</summary>
    public void Start()
    {
        try
        {
            new Thread(Run) { IsBackground = true, Name = "Mvx.Sink: observers" }.UnsafeStart();
        }
        catch (Exception error) when (error is OutOfMemoryException or ThreadStartException)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static thread => thread.Run(), this, preferLocal: false);
        }
    }

    public void Wake() => _wake.Release();

    /// <summary>Waits to be woken. False: the time is up. On this thread, under no lock.</summary>
    public bool Wait(TimeSpan time) => _wake.Wait(time);

    private void Run()
    {
        // What an observer leaves behind on the thread, such as an AsyncLocal or a SynchronizationContext, is not the next one's.
        ExecutionContext clean = ExecutionContext.Capture()!;
        while ((_work = set.Next(this, _again ? _work : null)) is not null)
            ExecutionContext.Run(clean, static thread => ((ObserverThread)thread!).RunTurn(), this);
    }

    private void RunTurn() => _again = _work!.RunTurn();
}
