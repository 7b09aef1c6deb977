using System.Diagnostics.CodeAnalysis;

namespace Mvx.Sink.Runtime;

/// <summary>Gives the backend one event at a time.</summary>
internal sealed class SingleDispatcher<TEvent>(DispatcherParts<TEvent> parts) : Dispatcher<TEvent>(parts)
    where TEvent : notnull
{
    // Owned by the loop. An announcement of a loss is nobody's event: while it is in dispatch, there is none.
    private TEvent? _inDispatch;
    private bool _hasInDispatch;

    protected override int FinishedInDispatch => 0;

    protected override PumpResult Dispatch_OnLoop(int quota)
    {
        for (int left = quota; left > 0; left--)
        {
            if (IsEnding)
                return EndEarly();
            TEvent? item = default;
            bool isAnnouncement = IsLossDue && TryTakeLoss(out item);
            if (!isAnnouncement)
            {
                if (!TryTake(out item))
                    return Empty(worked: left < quota);
                _inDispatch = item;
                _hasInDispatch = true;
            }

            Leave();
            Begin(isAnnouncement ? 0 : 1, isFirstOfTurn: left == quota);
            ValueTask dispatch = Sink.Dispatch(item!, Token);
            if (!TryEnter())
                return PumpResult.Detached;
            if (!dispatch.IsCompleted)
                return Suspend(dispatch);
            dispatch.GetAwaiter().GetResult();
            if (!TryComplete())
                return PumpResult.Detached;
            if (isAnnouncement)
                continue;
            _hasInDispatch = false;
            _inDispatch = default;
            Settled_OnLoop(item!);
        }

        return PumpResult.More;
    }

    protected override void Resumed_OnLoop()
    {
        if (TryComplete() && TryTakeItemInDispatch(out TEvent? item))
            Settled_OnLoop(item);
    }

    protected override bool TryTakeItemInDispatch([MaybeNullWhen(false)] out TEvent item)
    {
        bool any = _hasInDispatch;
        item = _inDispatch;
        _inDispatch = default;
        _hasInDispatch = false;
        return any;
    }

    protected override void TakeUnfinished(List<TEvent> rest)
    {
        if (TryTakeItemInDispatch(out TEvent? item))
            rest.Add(item);
    }

    private void Settled_OnLoop(TEvent item)
    {
        Delivered(item, index: 0);
        Settled();
    }
}
