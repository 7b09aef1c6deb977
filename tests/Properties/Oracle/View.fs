namespace Mvx.Sink.Properties.Oracle

open Mvx.Sink.Model

/// What can be seen of a request: the first request that shares its handle, and the result once there is one.
type HandleView = { Shares: int; Result: Outcome option }

/// Everything about a sink that a test can see. The real one's must equal the twin's.
type View =
    {
        State: SinkState
        IsAtRest: bool
        Ledger: SinkLedger
        LastError: Error option
        Calls: Call list
        Told: Told list
        Handles: HandleView list
        /// Delivered, failed, undelivered and dropped, once a flush is complete.
        Flushes: (int * int * int * int) option list
        /// What terminations threw, once they have returned.
        Terminations: Error option option list
        Reports: int
        Complaints: string list
    }
