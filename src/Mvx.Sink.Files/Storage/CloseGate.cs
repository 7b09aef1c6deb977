namespace Mvx.Sink.Files.Storage;

/// <summary>
/// Lets a file be closed from another thread than the one that writes it, which happens when a write hangs and the sink is given up: the
/// close then waits for the write, and its caller does not. Released earlier, the file could get the late lines in the midst of its next
/// writer's.
/// </summary>
internal sealed class CloseGate(Action close)
{
    private const int Idle = 0;
    private const int Writing = 1;
    private const int CloseWhenWritten = 2;

    private int _state;

    /// <summary>To be called before a write.</summary>
    public void Enter()
    {
        if (Interlocked.CompareExchange(ref _state, Writing, Idle) != Idle)
            throw new InvalidOperationException("The file is being written by another thread.");
    }

    /// <summary>To be called after the write, whatever came of it.</summary>
    public void Leave()
    {
        if (Interlocked.Exchange(ref _state, Idle) == CloseWhenWritten)
            close();
    }

    /// <summary>Closes now, or when the write in progress is over. Does not block.</summary>
    public void Close()
    {
        if (Interlocked.CompareExchange(ref _state, CloseWhenWritten, Writing) == Idle)
            close();
    }
}
