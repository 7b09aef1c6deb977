namespace Mvx.Sink.Verification;

/// <summary>One operation as it was observed: when it was called, when it returned, and what it gave.</summary>
internal sealed class HistoryOp(int lane, HistoryOpKind kind)
{
    public HistoryOpKind Kind => kind;

    public long Invoked { get; set; }

    /// <summary>When it returned; <see cref="long.MaxValue"/> while it has not.</summary>
    public long Returned { get; set; } = long.MaxValue;

    public LogOutcome Outcome { get; set; }

    public SinkState State { get; set; }

    public SinkLedger Ledger { get; set; }

    /// <summary>Start and Stop: whether they were refused, and whether they succeeded in the end.</summary>
    public bool Refused { get; set; }

    public bool Success { get; set; }

    /// <summary>For a Done: the operation that asked.</summary>
    public HistoryOp? Asked { get; init; }

    /// <summary>What is logged, for people.</summary>
    public string Label { get; set; } = "";

    public override string ToString() => $"{(lane == 0 ? "      " : $"lane {lane}")}  " + Kind switch
    {
        HistoryOpKind.Log => $"Log {Label,-4} -> {Outcome}",
        HistoryOpKind.StartAsked => $"Start -> {(Refused ? "refused" : "begun or joined")}",
        HistoryOpKind.StopAsked => $"Stop  -> {(Refused ? "refused" : "begun or joined")}",
        HistoryOpKind.StartDone => $"Start completed {(Success ? "successfully" : "with an error: " + Label)}",
        HistoryOpKind.StopDone => $"Stop completed {(Success ? "successfully" : "with an error: " + Label)}",
        HistoryOpKind.FlushAsked => "Flush begun",
        HistoryOpKind.FlushDone => "Flush completed",
        HistoryOpKind.Break => "backend broken",
        HistoryOpKind.State => $"State  is {State}",
        HistoryOpKind.Ledger => $"Ledger is {Ledger}",
        HistoryOpKind.CloseAsked => "DisposeAsync begun",
        _ => "DisposeAsync completed",
    };
}
