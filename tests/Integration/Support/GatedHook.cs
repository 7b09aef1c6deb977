namespace Mvx.Sink.Integration.Support;

/// <summary>A hook or dispatch that says when it is entered and returns when the test lets it, or when its token fires.</summary>
internal sealed class GatedHook
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationToken _token;

    /// <summary>Whether the token it was given has fired.</summary>
    public bool TokenFired => _token.IsCancellationRequested;

    public void Open() => _open.TrySetResult();

    public void Fail(Exception error) => _open.TrySetException(error);

    public void WaitUntilEntered() => Patience.Finish(_entered.Task, "The hook is entered");

    public async ValueTask Obedient(CancellationToken token)
    {
        Enter(token);
        await _open.Task.WaitAsync(token);
    }

    public async ValueTask Deaf(CancellationToken token)
    {
        Enter(token);
        await _open.Task;
    }

    /// <summary>Holds the loop's thread itself until the token fires.</summary>
    public ValueTask BlockingObedient(CancellationToken token)
    {
        Enter(token);
        _open.Task.Wait(token);
        return ValueTask.CompletedTask;
    }

    /// <summary>Holds the loop's thread itself, whatever the token says.</summary>
    public ValueTask BlockingDeaf(CancellationToken token)
    {
        Enter(token);
        _open.Task.Wait(CancellationToken.None);
        return ValueTask.CompletedTask;
    }

    private void Enter(CancellationToken token)
    {
        _token = token;
        _entered.TrySetResult();
    }
}
