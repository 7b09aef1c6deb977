namespace Mvx.Sink.Properties.Oracle

open Mvx.Sink.Model

/// What a hook or a dispatch comes to.
type Answer =
    | Succeeds
    | Throws
    /// A cancellation leaves it.
    | Cancels
    /// A cancellation that wraps a timeout leaves it.
    | TimesOut

/// How a backend call behaves.
type Plan =
    | AtOnce of Answer
    /// Comes back to the loop once before it answers.
    | Later of Answer
    /// Awaits until it is released, or until its token fires if it obeys that.
    | Awaits of obeysItsToken: bool
    /// Blocks the loop's thread until it is released; where that thread is not ours to block, it awaits.
    | Blocks

type CallKind =
    | StartingHook
    | Dispatch
    | StoppedHook
    | HandOver

/// A call of the backend, in the order of the calls, and the events it is given.
type Call = { Kind: CallKind; Items: int list }

/// One thing that a caller, a clock or a loop's owner does to a sink.
type Act =
    | Start
    | Stop
    /// A stop within a budget, in milliseconds of the sink's clock.
    | StopWithin of int
    | Log
    | TryLog
    | Flush
    /// Lets the newest backend call that waits answer.
    | Release of Answer
    /// Moves the sink's clock, in milliseconds.
    | Advance of int
    /// Terminates a sink on a loop of its own, disposes one in a foreign context.
    | Terminate
    /// The loop is torn down, yet runs what is in progress. Own loops only.
    | CloseLoop
    /// The loop runs nothing any more.
    | LoseLoop
    | ReadState
    | ReadLedger

type HostKind =
    | OwnLoop
    | ForeignContext

/// An error as a test sees it: its reason, and the number of the backend call whose exception is in it.
type Error =
    {
        Reason: SinkErrorReason
        Call: int option
    }

/// What an operation, or a call of <c>Log</c>, was refused for.
type Outcome =
    | Success
    | Failed of Error
    /// With the state the sink was in.
    | WrongState of SinkState

/// What a call of <c>Log</c> or <c>TryLog</c> told its caller.
type Told =
    | Returned
    | Told of LogOutcome
    | Full
    | Refused of SinkState

module Patience =
    open System

    /// Only a bug ever waits that long. The environment shortens it where bugs are put in on purpose.
    let longest =
        match Environment.GetEnvironmentVariable "MVX_TEST_BOUND_SECONDS" with
        | null
        | "" -> TimeSpan.FromSeconds 30.0
        | text -> TimeSpan.FromSeconds(float text)

    let mutable private bound = longest

    /// A failure has been seen; making it small must not take all day.
    let isLost () =
        bound <- min longest (TimeSpan.FromSeconds 2.0)

    let now () = bound
