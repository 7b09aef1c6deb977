namespace Mvx.Sink.Verification;

/// <summary>What one observed operation is.</summary>
internal enum HistoryOpKind
{
    Log,
    StartAsked,
    StartDone,
    StopAsked,
    StopDone,
    FlushAsked,
    FlushDone,
    Break,
    State,
    Ledger,
    CloseAsked,
    CloseDone,
}
