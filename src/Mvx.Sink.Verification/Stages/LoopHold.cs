namespace Mvx.Sink.Verification;

/// <summary>Keeps a loop's thread busy until disposed: to its sinks the loop looks stuck.</summary>
internal sealed class LoopHold : IDisposable
{
    private readonly ManualResetEventSlim _entered = new(initialState: false);
    private readonly ManualResetEventSlim _release = new(initialState: false);

    /// <summary>Queues the hold; it takes effect when the loop gets there.</summary>
    public LoopHold(SinkLoop loop, TimeSpan longest)
    {
        _ = loop.InvokeAsync(() =>
        {
            _entered.Set();
            return _release.Wait(longest);
        });
    }

    /// <summary>Waits until the loop is held.</summary>
    public bool WaitUntilHeld(TimeSpan bound) => _entered.Wait(bound);

    /// <summary>Lets the loop go on.</summary>
    public void Dispose() => _release.Set();
}
