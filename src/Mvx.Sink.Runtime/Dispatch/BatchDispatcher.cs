using System.Diagnostics.CodeAnalysis;

namespace Mvx.Sink.Runtime;

/// <summary>
/// Gives the backend several events at a time: as many as there are, up to the largest batch, once the first of them has waited as long as
/// it may for others to join it.
/// </summary>
internal sealed class BatchDispatcher<TEvent> : Dispatcher<TEvent>
    where TEvent : notnull
{
    private readonly TimeSpan _maxDelay;
    private readonly TimeProvider _clock;

    // Owned by the loop. Of the first _count events in the batch, _done are delivered.
    private readonly TEvent[] _batch;
    private int _count;
    private int _done;

    // An announcement of a loss goes alone, and is nobody's event: while it is in dispatch, the batch is empty.
    private readonly TEvent[] _announcement = new TEvent[1];
    private bool _isAnnouncing;

    private Wait _wait;
    private long _waitNumber;

    public BatchDispatcher(DispatcherParts<TEvent> parts, SinkOptions options)
        : base(parts)
    {
        _batch = new TEvent[options.MaxBatchSize];
        _maxDelay = options.MaxBatchDelay;
        _clock = options.TimeProvider;
    }

    private enum Wait
    {
        NotBegun,
        Waiting,
        Over,
    }

    /// <summary>The backend reports from within its dispatch that it has delivered the next events of the batch. False: it was given up.</summary>
    public bool TryDeliverNext(int count)
    {
        if (!TryEnter())
            return false;
        try
        {
            if (_isAnnouncing)
                return true;
            if (count < 0 || count > _count - _done)
                throw new ArgumentOutOfRangeException(nameof(count), count, $"Of the batch of {_count}, {_done} events are reported as delivered already: at most {_count - _done} more can be.");
            FinishNext(count);
            CompleteFlushes();
            Moved();
            return true;
        }
        finally
        {
            Leave();
        }
    }

    protected override int FinishedInDispatch => _done;

    protected override PumpResult Dispatch_OnLoop(int quota)
    {
        int left = quota;
        do
        {
            if (IsEnding)
                return EndEarly();
            _isAnnouncing = _count == 0 && IsLossDue && TryTakeLoss(out _announcement[0]!);
            if (!_isAnnouncing)
            {
                Fill();
                if (_count == 0)
                    return Empty(worked: left < quota);
                if (MustWait())
                    return PumpResult.Idle;
            }

            _wait = Wait.NotBegun;
            bool isFirstOfTurn = left == quota;
            left -= Math.Max(_count, 1);
            Leave();
            Begin(_isAnnouncing ? 0 : _count, isFirstOfTurn);
            ValueTask dispatch = Sink.DispatchBatch(_isAnnouncing ? _announcement : new ReadOnlyMemory<TEvent>(_batch, 0, _count), Token);
            if (!TryEnter())
                return PumpResult.Detached;
            if (!dispatch.IsCompleted)
                return Suspend(dispatch);
            dispatch.GetAwaiter().GetResult();
            Resumed_OnLoop();
            if (IsAbandoned)
                return PumpResult.Detached;
        }
        while (left > 0);
        return PumpResult.More;
    }

    protected override void Resumed_OnLoop()
    {
        if (!TryComplete())
            return;
        _isAnnouncing = false;
        FinishNext(_count - _done);
        Settled();
        Clear();
    }

    protected override bool TryTakeItemInDispatch([MaybeNullWhen(false)] out TEvent item)
    {
        _isAnnouncing = false;
        bool any = _done < _count;
        item = any ? _batch[_done++] : default;
        return any;
    }

    protected override void TakeUnfinished(List<TEvent> rest)
    {
        rest.AddRange(_batch.AsSpan(_done, _count - _done));
        if (IsAbandoned)
            _count = _done = 0; // the backend that was given up may still read the batch
        else
            Clear();
    }

    private void FinishNext(int count)
    {
        if (Feed.IsWatched)
        {
            for (; count > 0; count--)
                Delivered(_batch[_done], _done++);
            return;
        }

        _done += count;
        Queue.Finish(count);
    }

    /// <summary>Takes what is there, up to the next gap.</summary>
    private void Fill()
    {
        while (_count < _batch.Length && !(_count > 0 && IsLossDue) && TryTake(out TEvent? item))
            _batch[_count++] = item;
    }

    private bool MustWait()
    {
        if (IsLossDue)
            return false;
        if (_maxDelay == TimeSpan.Zero || _count == _batch.Length || IsDraining || IsFlushing || _wait == Wait.Over)
            return false;
        if (_wait == Wait.NotBegun)
        {
            _wait = Wait.Waiting;
            long number = ++_waitNumber;
            Loop.Schedule_OnLoop(
                _clock,
                _maxDelay,
                _ =>
                {
                    if (_wait != Wait.Waiting || _waitNumber != number)
                        return;
                    _wait = Wait.Over;
                    Look_OnLoop();
                });
        }

        return true;
    }

    private void Clear()
    {
        Array.Clear(_batch, 0, _count);
        _count = 0;
        _done = 0;
        _wait = Wait.NotBegun;
    }
}
