namespace Mvx.Sink.Integration.Support;

/// <summary>A place in a hook or a dispatch where the sink stops until the test lets it pass.</summary>
internal sealed class Checkpoint
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsReached => _reached.Task.IsCompleted;

    /// <summary>Called by the sink: awaits; ends when the loop is torn down, so that a failed test leaves nothing hanging.</summary>
    public async ValueTask PassAsync(CancellationToken cancellationToken)
    {
        _reached.TrySetResult();
        await _open.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Called by the sink: blocks the loop's thread.</summary>
    public void PassBlocking()
    {
        _reached.TrySetResult();
        Assert.True(_open.Task.Wait(Bounded.Time), "nobody opened the checkpoint");
    }

    public void UntilReached() => Assert.True(_reached.Task.Wait(Bounded.Time), "the checkpoint was not reached in time");

    public void Open() => _open.TrySetResult();
}
