namespace Mvx.Sink.Properties.Interleaving

open Mvx.Sink.Model

/// What a caller does next. Each step touches shared memory once.
type Next =
    /// Between two calls, or at the start of one: reads the gate.
    | ReadsGate = 0
    /// Inside a call, after a lost swap: reads the gate again.
    | ReadsGateAgain = 1
    /// Reads a fresh figure of finished events.
    | ReadsFigure = 2
    /// Reads the gate after the figure, and believes both (a wrong protocol).
    | ReadsGateLast = 3
    /// Compares and swaps.
    | Swaps = 4

/// A thread that logs.
[<Struct>]
type Caller =
    {
        Next: Next
        /// The gate it read last.
        Gate: Gate
        /// The figure of finished events it read last, perhaps long ago.
        Figure: int64
        CallsLeft: int
        /// Every verdict that was the right one at some instant of the call in progress, as bits.
        Truths: int
    }

module Caller =
    let isInACall caller = caller.Next <> Next.ReadsGate

    /// Everything about a caller in 32 bits; small counts only.
    let key caller =
        int64 caller.Next
        ||| (caller.Gate.Word <<< 3)
        ||| (caller.Figure <<< 15)
        ||| (int64 caller.CallsLeft <<< 19)
        ||| (int64 caller.Truths <<< 22)
