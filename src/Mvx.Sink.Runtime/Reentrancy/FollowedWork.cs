namespace Mvx.Sink.Runtime;

/// <summary>Marks the flow of what one sink does, each dispatch and each hook for as long as it lasts, once somebody follows it.</summary>
internal sealed class FollowedWork(object sink)
{
    // Set once, by whoever guards the sink.
    private volatile bool _isOn;

    // Owned by the loop; ended by who gives the loop up, too.
    private SinkWork? _dispatch;

    /// <summary>Whether the next dispatch is marked. Any thread.</summary>
    public bool IsOn => _isOn;

    /// <summary>Marks from now on. Any thread; idempotent.</summary>
    public void TurnOn() => _isOn = true;

    public void BeginDispatch_OnLoop()
    {
        _dispatch = new SinkWork(sink);
        SinkFlow.Work = _dispatch;
    }

    /// <summary>The dispatch goes on elsewhere: what else runs on the loop meanwhile is not its doing.</summary>
    public void LeaveDispatch_OnLoop()
    {
        if (_dispatch is not null)
            SinkFlow.Work = null;
    }

    /// <summary>What flows from the dispatch is not the sink's doing any more. Any thread.</summary>
    public void EndDispatch()
    {
        Volatile.Read(ref _dispatch)?.End();
        _dispatch = null;
    }

    /// <summary>Runs a hook, marked until it is over if somebody follows.</summary>
    public ValueTask Run(Func<ValueTask> hook) => _isOn ? RunMarked(hook) : hook();

    // What the method sets in the flow ends with it for the caller.
    private async ValueTask RunMarked(Func<ValueTask> hook)
    {
        var work = new SinkWork(sink);
        SinkFlow.Work = work;
        try
        {
            await hook();
        }
        finally
        {
            work.End();
        }
    }
}
