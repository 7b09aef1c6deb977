namespace Mvx.Sink.Integration.Verification.Backends;

/// <summary>A backend that can be broken, stalled and made to fail a number of times. Safe on any thread.</summary>
internal sealed class MemoryBackend
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource? _stall;
    private bool _broken;
    private int _letThrough;
    private int _failNext;
    private bool _owned;

    public string[] Lines
    {
        get
        {
            lock (_lock)
                return [.. _lines];
        }
    }

    public void Break() => Set(broken: true, stalled: false, 0);

    public void Stall() => Set(broken: false, stalled: true, 0);

    /// <summary>Lets so many writes through, then fails so many.</summary>
    public void Fail(int after, int count) => Set(broken: false, stalled: false, count, after);

    public void FailNext(int count) => Fail(0, count);

    public void Heal() => Set(broken: false, stalled: false, 0);

    public void Clear()
    {
        Heal();
        lock (_lock)
            _lines.Clear();
    }

    /// <summary>Throws when broken: what a start that touches the backend does.</summary>
    public void Open()
    {
        lock (_lock)
        {
            if (_broken)
                throw new IOException("the backend is broken");
        }
    }

    /// <summary>Like <see cref="Open"/>, and stuck when writes are.</summary>
    public async ValueTask OpenAsync(CancellationToken cancellationToken = default)
    {
        Task? stall;
        lock (_lock)
            stall = _stall?.Task;
        if (stall is not null)
            await stall.WaitAsync(cancellationToken);
        Open();
    }

    /// <summary>Like <see cref="Open"/>, for one owner at a time.</summary>
    public void OpenExclusively()
    {
        Open();
        lock (_lock)
        {
            if (_owned)
                throw new IOException("the backend is in use");
            _owned = true;
        }
    }

    public void Close()
    {
        lock (_lock)
            _owned = false;
    }

    public async ValueTask WriteAsync(string line, CancellationToken cancellationToken = default)
    {
        Task? stall;
        lock (_lock)
            stall = _stall?.Task;
        if (stall is not null)
            await stall.WaitAsync(cancellationToken);
        Write(line);
    }

    public void Write(params ReadOnlySpan<string> lines)
    {
        lock (_lock)
        {
            if (_broken || FailsNow())
                throw new IOException("the write failed");
            _lines.AddRange(lines);
        }
    }

    /// <summary>Stores the line and only then fails, as a connection that is lost before the answer does.</summary>
    public void WriteUnreliably(string line)
    {
        lock (_lock)
        {
            if (_broken)
                throw new IOException("the write failed");
            _lines.Add(line);
            if (FailsNow())
                throw new IOException("the answer was lost");
        }
    }

    private bool FailsNow() => _letThrough-- <= 0 && _failNext-- > 0;

    private void Set(bool broken, bool stalled, int failNext, int letThrough = 0)
    {
        TaskCompletionSource? released;
        lock (_lock)
        {
            released = _stall;
            _stall = stalled ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
            _broken = broken;
            _letThrough = letThrough;
            _failNext = failNext;
        }

        released?.TrySetResult();
    }
}
