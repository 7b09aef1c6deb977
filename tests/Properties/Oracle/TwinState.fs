namespace Mvx.Sink.Properties.Oracle

open Mvx.Sink.Model

/// What became of an event. All but those that are dropped to make room end in the order of their acceptance.
type Fate =
    | WasDelivered
    | HasFailed
    | WasHandedOver

/// What is left to carry out of a step, one after the other.
type Stage =
    | CountUndelivered
    | CallHandOver of int list
    | CallStoppedHook
    | SayHandedOver

/// Where a termination stands.
type Ending =
    /// On its way, on a thread of its own: of several, whoever comes first terminates.
    | Arrives
    | Looks of failure: Error option
    | Saw of SinkState * failure: Error option
    | WaitsForStart of operation: int * failure: Error option
    | WaitsForStop of operation: int * failure: Error option
    | WaitsForRest of failure: Error option
    | TriesToClose of failure: Error option
    | Leaves of failure: Error option
    /// Its loop is closed, and others see that; who terminates has not returned yet.
    | Returns of failure: Error option
    /// Waits for the one that terminates.
    | Follows
    | Ended of Error option

/// The clock that limits a stop.
type Budget =
    {
        Number: int
        Deadline: int
        Due: int option
        Stage: int
    }

/// A sink made of nothing but the model and an obedient reading of its effects: what a real one is compared with. Immutable, so that a
/// search can go back.
type Twin =
    {
        Lifecycle: LifecycleModel
        Limit: int64
        Policy: QueueOverflowPolicy
        MaxBatch: int
        OwnsItsLoop: bool
        Waits: int list
        Batch: int list
        /// All that ever were, those that were dropped to make room included.
        Accepted: int
        /// Newest first, without those that were dropped.
        Fates: Fate list
        /// The places in the order of acceptance of those that were dropped to make room.
        Evicted: Set<int>
        /// Where nothing was in dispatch last: so many had left the queue, and were finished.
        Settled: int
        Dropped: int
        Rejected: int
        IsDispatching: bool
        ToldToDrain: bool
        ToldToEnd: bool
        Fault: (LifecycleInput * Error option) option
        /// The call in progress, its number and the events it is given.
        InCall: (int * Call) option
        Calls: int
        Stages: Stage list
        // What has been posted to the loop and has not arrived there.
        StartPosted: bool
        DrainPosted: bool
        EndPosted: bool
        GiveUpPosted: bool
        ClosePosted: bool
        TokenFired: bool
        LastError: Error option
        OpenStart: int option
        OpenStop: int option
        Operations: int
        Results: Map<int, Outcome>
        Reports: int
        Now: int
        Budget: Budget option
        Budgets: int
        Endings: Ending list
        HasLoop: bool
        /// Its loop is being closed: once nothing of the sink runs any more, it ends.
        IsLoopClosing: bool
    }

/// What an act answers at once.
type Response =
    | Nothing
    | Operation of int
    | NotBegun of Outcome
    | Offered of AdmissionVerdict
    /// The number of events that a flush waits for.
    | Awaited of int

/// One thing that a sink does by itself.
type Step =
    {
        Next: Twin
        /// The call that it begins, and the one that has ended before it.
        Begins: Call option
        Ends: int option
    }

/// A new twin.
module TwinState =
    let create limit policy maxBatch ownsItsLoop =
        {
            Lifecycle = LifecycleModel()
            Limit = limit
            Policy = policy
            MaxBatch = maxBatch
            OwnsItsLoop = ownsItsLoop
            Waits = []
            Batch = []
            Accepted = 0
            Fates = []
            Evicted = Set.empty
            Settled = 0
            Dropped = 0
            Rejected = 0
            IsDispatching = false
            ToldToDrain = false
            ToldToEnd = false
            Fault = None
            InCall = None
            Calls = 0
            Stages = []
            StartPosted = false
            DrainPosted = false
            EndPosted = false
            GiveUpPosted = false
            ClosePosted = false
            TokenFired = false
            LastError = None
            OpenStart = None
            OpenStop = None
            Operations = 0
            Results = Map.empty
            Reports = 0
            Now = 0
            Budget = None
            Budgets = 0
            Endings = []
            HasLoop = true
            IsLoopClosing = false
        }
