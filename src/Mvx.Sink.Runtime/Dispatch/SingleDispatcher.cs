namespace Mvx.Sink.Runtime;

/// <summary>Gives the backend one event at a time.</summary>
internal sealed class SingleDispatcher<TEvent>(DispatcherParts<TEvent> parts) : Dispatcher<TEvent>(parts)
    where TEvent : notnull
{
    // Owned by the loop.
    private TEvent? _inDispatch;
    private bool _hasInDispatch;

    protected override PumpResult Dispatch_OnLoop(int quota)
    {
        for (int left = quota; left > 0; left--)
        {
            if (IsEnding)
                return EndEarly();
            if (!Queue.TryTake(out TEvent item))
                return Empty(worked: left < quota);

            _inDispatch = item;
            _hasInDispatch = true;
            Leave();
            Begin(Queue.Taken - 1, 1, isFirstOfTurn: left == quota);
            ValueTask dispatch = Sink.Dispatch(item, Token);
            if (!TryEnter())
                return PumpResult.Detached;
            if (!dispatch.IsCompleted)
                return Suspend(dispatch);
            dispatch.GetAwaiter().GetResult();
            if (!TryComplete())
                return PumpResult.Detached;
            _hasInDispatch = false;
            _inDispatch = default;
            Delivered(item);
        }

        return PumpResult.More;
    }

    protected override void Resumed_OnLoop()
    {
        if (TryComplete())
            Delivered(TakeItemInDispatch());
    }

    protected override bool TryTakeItemInDispatch(out TEvent item)
    {
        item = TakeItemInDispatch();
        return true;
    }

    private TEvent TakeItemInDispatch()
    {
        TEvent item = _inDispatch!;
        _inDispatch = default;
        _hasInDispatch = false;
        return item;
    }

    protected override void TakeUnfinished(List<TEvent> rest)
    {
        if (_hasInDispatch)
            rest.Add(TakeItemInDispatch());
    }
}
