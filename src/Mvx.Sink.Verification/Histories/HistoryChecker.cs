using System.Text;

namespace Mvx.Sink.Verification;

/// <summary>
/// Looks for an order of the observed operations, with the model's own steps in between, that the model allows and that keeps to real time: what returned
/// before another was called comes before it. Depth first, remembering where it has been.
/// </summary>
internal sealed class HistoryChecker
{
    private const int MostNodes = 300_000;
    private const int MostOps = 128;

    private readonly IReadOnlyList<HistoryOp> _ops;
    private readonly long _limit;
    private readonly QueueOverflowPolicy _policy;
    private readonly bool _direct;
    private readonly HashSet<string> _visited = new(StringComparer.Ordinal);
    private readonly Dictionary<HistoryOp, int> _index = [];
    private int _best;

    /// <summary>Takes a history in the order of the calls.</summary>
    public HistoryChecker(IReadOnlyList<HistoryOp> ops, long limit, QueueOverflowPolicy policy, bool direct)
    {
        _ops = ops;
        _limit = limit;
        _policy = policy;
        _direct = direct;
        Unexplained = ops;
        for (int i = 0; i < ops.Count; i++)
            _index.Add(ops[i], i);
    }

    /// <summary>False when the search was given up: nothing is known then.</summary>
    public bool IsConclusive { get; private set; } = true;

    /// <summary>The operations that could not be explained when most of the others were.</summary>
    public IReadOnlyList<HistoryOp> Unexplained { get; private set; }

    public bool Explains()
    {
        if (_ops.Count > MostOps)
        {
            IsConclusive = false;
            return true;
        }

        var start = new OracleState(new SinkModel(_limit, _policy), 0, 0, 0, 0, Faults: false, Closing: false, Hidden: 0);
        return Search(start, UInt128.Zero, new byte[_ops.Count], 0);
    }

    private bool Search(OracleState state, UInt128 done, byte[] targets, int count)
    {
        if (count > _best || count == 0)
        {
            _best = count;
            Unexplained = [.. _ops.Where((_, i) => (done >> i & 1) == 0)];
        }

        if (count == _ops.Count)
            return true;
        if (_visited.Count > MostNodes)
        {
            IsConclusive = false;
            return true;
        }

        if (!_visited.Add(Key(state, done, targets)))
            return false;

        long horizon = long.MaxValue;
        for (int i = 0; i < _ops.Count; i++)
        {
            if ((done >> i & 1) == 0)
                horizon = Math.Min(horizon, _ops[i].Returned);
        }

        for (int i = 0; i < _ops.Count; i++)
        {
            if ((done >> i & 1) != 0 || _ops[i].Invoked > horizon || (_ops[i].Asked is { } asked && (done >> _index[asked] & 1) == 0))
                continue;
            byte target = 0;
            if (Take(state, _ops[i], done, targets, ref target) is not { } next)
                continue;
            byte[] nextTargets = targets;
            if (target != 0)
            {
                nextTargets = [.. targets];
                nextTargets[i] = target;
            }

            if (Search(next, done | (UInt128.One << i), nextTargets, count + 1))
                return true;
        }

        foreach (OracleState next in state.InternalSteps())
        {
            if (Search(next, done, targets, count))
                return true;
        }

        return false;
    }

    /// <summary>The state after the operation takes effect here; null where the model would have given another answer.</summary>
    private OracleState? Take(OracleState state, HistoryOp op, UInt128 done, byte[] targets, ref byte target)
    {
        SinkModel model = state.Model;
        switch (op.Kind)
        {
            case HistoryOpKind.Log:
                // What gathers events in front of the queue, or has a limit of its own, answers by itself.
                if (!_direct)
                    return state with { Hidden = state.Hidden + 1 };
                return Admission.Outcome(model.Verdict) == op.Outcome ? state with { Model = model.Offer() } : null;
            case HistoryOpKind.StartAsked:
            case HistoryOpKind.StopAsked:
                LifecycleInput input = op.Kind == HistoryOpKind.StartAsked ? LifecycleInput.Start : LifecycleInput.Stop;
                if ((model.StepOf(input).Verdict == LifecycleVerdict.Refused) != op.Refused)
                    return null;
                target = op.Refused ? (byte)0 : (byte)(1 + (op.Kind == HistoryOpKind.StartAsked ? state.Starts : state.Stops));
                return op.Refused ? state : state.After(input);
            case HistoryOpKind.StartDone:
                return Done(targets[_index[op.Asked!]], state.Starts, state.StartsSucceeded, op.Success) ? state : null;
            case HistoryOpKind.StopDone:
                return Done(targets[_index[op.Asked!]], state.Stops, state.StopsSucceeded, op.Success) ? state : null;
            case HistoryOpKind.FlushAsked:
                target = (byte)Math.Min(255, model.Ledger.Accepted + 1);
                return state;
            case HistoryOpKind.FlushDone:
                return model.Ledger.Accepted - model.Ledger.Pending >= targets[_index[op.Asked!]] - 1 ? state : null;
            case HistoryOpKind.Break:
                return state with { Faults = true };
            case HistoryOpKind.State:
                return model.Lifecycle.State == op.State ? state : null;
            case HistoryOpKind.Ledger:
                // A failure counts its events one after the other, so a look in the middle of one need only add up.
                bool same = !_direct || (state.Faults ? Invariants.LedgerHolds(op.Ledger, _limit) : Same(model.Ledger, op.Ledger, done, op.Invoked));
                return same ? state : null;
            case HistoryOpKind.CloseAsked:
                return state with { Closing = true };
            default:
                return model.Lifecycle.Closed && Invariants.IsAtRest(model.Lifecycle) ? state : null;
        }
    }

    private static bool Done(int target, int completed, ulong succeeded, bool success) =>
        target > 0 && completed >= target && ((succeeded >> (target - 1) & 1) == 1) == success;

    /// <summary>A call that is turned away is decided first and counted then, but before it returns: while it is under way the books may be without it.</summary>
    private bool Same(SinkLedger model, SinkLedger seen, UInt128 done, long since) =>
        model.Accepted == seen.Accepted
        && Counted(model.Dropped, seen.Dropped, done, since, static outcome => outcome == LogOutcome.Dropped)
        && Counted(model.Rejected, seen.Rejected, done, since, static outcome => outcome is not (LogOutcome.Accepted or LogOutcome.Dropped))
        && model.Delivered == seen.Delivered
        && model.Failed == seen.Failed
        && model.Undelivered == seen.Undelivered;

    private bool Counted(long decided, long seen, UInt128 done, long since, Func<LogOutcome, bool> isOne)
    {
        if (seen >= decided)
            return seen == decided;
        int underWay = _ops.Where((op, i) => (done >> i & 1) != 0 && op.Kind == HistoryOpKind.Log && op.Returned > since && isOne(op.Outcome)).Count();
        return decided - seen <= underWay;
    }

    private static string Key(OracleState state, UInt128 done, byte[] targets)
    {
        SinkLedger ledger = state.Model.Ledger;
        var key = new StringBuilder(48 + targets.Length);
        key.Append((char)state.Model.Lifecycle.Code)
            .Append((char)ledger.Accepted).Append((char)ledger.Dropped).Append((char)ledger.Rejected)
            .Append((char)ledger.Delivered).Append((char)ledger.Failed).Append((char)ledger.Undelivered)
            .Append((char)state.Starts).Append((char)state.Stops)
            .Append(state.StartsSucceeded).Append(',').Append(state.StopsSucceeded).Append(',')
            .Append(state.Faults ? 'f' : '-').Append(state.Closing ? 'c' : '-').Append((char)state.Hidden).Append(done);
        foreach (byte target in targets)
            key.Append((char)target);
        return key.ToString();
    }
}
