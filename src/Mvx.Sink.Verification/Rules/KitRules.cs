namespace Mvx.Sink.Verification;

/// <summary>All rules of the kit, in the order they are checked in.</summary>
public static class KitRules
{
    private const SinkCapabilities None = SinkCapabilities.None;
    private const SinkCapabilities ReadBack = SinkCapabilities.ReadBack;
    private const SinkCapabilities Break = SinkCapabilities.Break;

    /// <summary>All rules.</summary>
    public static IReadOnlyList<KitRule> All { get; } =
    [
        new("K01", "a new sink waits, then starts", "A new sink is Virgin and has done nothing; Start brings it to Running within the bound.", "the constructor (it must not start or fail) and OnStartingAsync: does it await something that never comes?", "L1 L2 T1", None),
        new("K02", "a stop completes", "Stop completes successfully within the bound: idle, right after the start, and after a burst.", "OnStoppedAsync and the rest of DispatchAsync: a join of a thread that was never told to end, an await of a task nobody completes, a wait for the loop on the loop.", "L6 L7", None),
        new("K03", "a stop flushes", "When Stop has completed, every accepted event is in the backend, however many there were.", "OnStoppedAsync: it must write what the sink still holds (a partial batch, a buffered stream) before it releases the backend.", "L6 T3 C1", ReadBack),
        new("K04", "nothing arrives after the stop", "When Stop has completed, the backend does not change any more.", "writes that are started and not awaited (Task.Run, a discarded task, a timer), which outlive the sink.", "L6", ReadBack),
        new("K05", "a restart works", "After Stop, Start works again, any number of times, and the events of every cycle arrive.", "what OnStoppedAsync disposed and OnStartingAsync does not make anew: a completed channel, a cancelled token source, a joined thread, a flag.", "L10", SinkCapabilities.Restart),
        new("K06", "order holds across restarts", "Events of an earlier cycle are in the backend before those of a later one.", "what is carried over from one cycle to the next, and where it is written.", "L10 A6", ReadBack | SinkCapabilities.Restart | SinkCapabilities.Ordered),
        new("K07", "terminating is idempotent", "Terminate flushes, stops and returns within the bound without an error, for every one of several concurrent callers, and again afterwards.", "OnStoppedAsync: what does it throw?", "T2 T3 T4 T6", None),
        new("K08", "disposing twice is harmless", "Disposing a sink that is new, stopped or disposed throws nothing and returns; so does disposing a running one by several callers at once, and every event is in the backend once.", "Dispose and DisposeAsync: check for null and for having been called before.", "T2", None),
        new("K09", "a closed sink refuses", "After its termination a sink refuses Start and Log with an error, and nothing reaches the backend.", "members that hide Start, Log or TryLog and do not ask the base.", "T7 A2", None),
        new("K10", "nothing is lost", "Every accepted event reaches the backend.", "paths through DispatchAsync that return without writing: a filter, a full buffer, a caught exception.", "A6 C1", ReadBack),
        new("K11", "nothing arrives twice", "No event reaches the backend more than once.", "retries of writes that may have succeeded, and batches that are written again after a partial success. If that is accepted, declare MayDuplicate.", "A6", ReadBack),
        new("K12", "order is kept", "Events reach the backend in the order of acceptance.", "writes that run side by side (not awaited, several connections), batches that are sorted or reversed. If the backend has no order, take Ordered away.", "A6", ReadBack | SinkCapabilities.Ordered),
        new("K13", "content arrives unchanged", "What reaches the backend is what was logged.", "formatting, truncation, encoding, and buffers that are used again while the backend still reads them.", "A7", ReadBack),
        new("K14", "events are left as they were", "The sink does not change the objects it is given: other sinks have them too.", "assignments to members of the event in DispatchAsync. If the sink owns its events, take LeavesEventsUnchanged away.", "A7", SinkCapabilities.LeavesEventsUnchanged),
        new("K15", "concurrent producers are served alike", "With several producers at once nothing is lost or doubled, and each one's own order holds.", "state that Log, or a member called by producers, shares without a lock.", "A5 A6", ReadBack),
        new("K16", "a flush reaches the backend", "When FlushAsync has completed, the events logged before it are in the backend.", "DispatchAsync: it must complete when the event is written, not when it is buffered. If the sink batches on its own, declare Batches.", "C3", ReadBack),
        new("K17", "a flush always comes back", "FlushAsync completes in every state but Virgin: idle, by several callers, while starting, during a stop, after it, on a broken backend; and its caller can give it up, without harm to the next flush and the stop.", "members that hide FlushAsync: what do they wait for that a stop, or nobody, will do? Do they pass the token on?", "C3", None),
        new("K18", "instances leave each other alone", "Of two sinks of one class at the same time each delivers its own events, also when the other stops and starts again.", "static fields: a buffer, a client or a flag that one instance's stop takes from the other.", "P1", None),
        new("K20", "Log does not wait", "Log returns at once while the loop and the backend are stuck.", "members that hide Log and wait: for a flush, a lock that a dispatch holds, a task.", "A8", None),
        new("K21", "Log refuses honestly", "While Stopped, every way in refuses with InvalidSinkStateException (TryLog: InvalidState); null is refused with ArgumentNullException.", "members that hide Log or TryLog and catch what the base throws.", "A2 A7", None),
        new("K22", "the pending limit is exact", "Exactly as many events are pending as QueueMaxSize allows, under any number of threads.", "options that are not handed to the base, and members that hide Log.", "A3 A4 A5", None),
        new("K23", "the books balance", "At every moment the ledger adds up, no figure goes back, and at rest nothing is pending.", "members that hide Log, TryLog or Ledger.", "C1", None),
        new("K30", "a broken backend is not hushed up", "When writes fail, the sink ends in Failure with its error, or the events arrive all the same; never neither.", "catch blocks in DispatchAsync and OnStoppedAsync that swallow, tasks that are not awaited, results that are not looked at (an HTTP status, say).", "L12 L14 L9", Break),
        new("K31", "a broken backend does not hang", "When writes fail, failing, stopping and terminating still complete within the bound, and DisposeAsync does not throw.", "endless retries, and OnStoppedAsync waiting for writes that cannot succeed. Let DispatchAsync throw after a bounded time.", "L12 L14 T6", Break),
        new("K32", "a failure keeps the books", "After a failure nothing is pending, no event is in the backend twice, out of order, or uninvited.", "OnUndeliveredAsync and OnStoppedAsync: what do they write that DispatchAsync has written already?", "C1 C2", Break),
        new("K33", "a passing fault loses and doubles nothing", "After a fault that passes, the sink has either recovered and every event is in the backend exactly once, or it is in Failure.", "the retry: it must write what failed, all of it, and only that. If the backend cannot tell, declare MayDuplicate.", "L12", ReadBack),
        new("K34", "a failing start is a failure", "A start that cannot succeed ends in Failure within the bound, with the error thrown by OnStartingAsync.", "catch blocks and unawaited tasks in OnStartingAsync.", "L5 T1", None),
        new("K35", "a failing start leaves nothing behind", "After failing starts there are no more threads, files, sockets or timers than before, and a healthy sink starts on the same backend.", "OnStartingAsync: what it has opened when the next step throws. OnStoppedAsync does not run then: release it in a catch block.", "L5 T1", None),
        new("K36", "a new sink works after a failure", "After a sink has failed and its backend is healed, a new sink on the same backend starts and delivers.", "OnStoppedAsync, which runs as clean-up: it must release the backend also when a last write fails (finally).", "L12", Break),
        new("K37", "undelivered events are taken", "When a sink fails with events waiting, OnUndeliveredAsync takes them without throwing, and the sink comes to rest.", "OnUndeliveredAsync: it runs while the backend is broken.", "C2", Break),
        new("K40", "cycles leak no threads", "Start and stop leave as many threads as there were.", "OnStoppedAsync: end and join each thread that OnStartingAsync started.", "L6", None),
        new("K41", "cycles leak no handles", "Start and stop leave as many open files and other handles as there were.", "OnStoppedAsync: dispose each stream, file, pipe, watcher and process; in a finally block if something before it may throw.", "L6", None),
        new("K42", "cycles leak no sockets", "Start and stop leave as many open sockets as there were.", "OnStoppedAsync: dispose clients, listeners and responses; or keep one client for all cycles.", "L6", None),
        new("K43", "cycles leak no timers or tasks", "Start and stop leave as many active timers and busy pool threads as there were.", "OnStoppedAsync: dispose timers, cancel and await background loops.", "L6", None),
        new("K44", "a terminated sink leaves nothing behind", "Creating and terminating sinks, started or not, leaves as many threads and files as there were, also where the loop is torn down under a running one.", "the constructor (what it takes must not wait for OnStoppedAsync, which a sink that never starts does not run), and what is released by Dispose only: terminating a sink does not dispose it.", "T1 T6", None),
        new("K45", "a failed sink leaves nothing behind", "Sinks that failed, or got over a passing fault, leave as many threads, handles, sockets, timers and open things in the backend as there were.", "OnStoppedAsync, which runs as clean-up after a failure: release everything although writes fail (finally). A retry that connects anew: it must close the old connection.", "L12 L13", Break),
        new("K50", "cancellation is honoured", "When the loop is torn down while the backend is stuck, or broken and tried again, the sink ends within the bound.", "calls in DispatchAsync and the hooks that do not get the cancellation token, the pause before a retry among them.", "L13", None),
        new("K51", "a stuck backend only delays", "When a stuck backend recovers, a waiting stop completes and every event arrives.", "timeouts inside the sink that drop what they interrupt.", "L6", SinkCapabilities.Stall),
        new("K60", "state is touched on the loop only", "What the sink keeps in plain fields, collections, structs and objects that only hold data changes on its loop only.", "ConfigureAwait(false), Task.Run and callbacks in hooks and DispatchAsync: what runs after them is off the loop.", "P1", None),
        new("K70", "the descriptor is stable", "Equal configurations give equal descriptors, at any time and on any thread.", "timestamps, random numbers, counters, and objects without value equality in the descriptor.", "R1", None),
        new("K71", "the descriptor tells conflicts", "Configurations that conflict give different descriptors.", "fields of the configuration that BuildDescriptor leaves out. Those that do not matter: name them in the check's ignored members.", "R2", None),
        new("K72", "the descriptor has no side effects", "Building a descriptor touches nothing: no file, handle, thread, static field, nor the configuration itself.", "BuildDescriptor: it must only read the configuration.", "R3", None),
        new("K73", "a registry takes the sink", "A registry gives the same sink for equal configurations, reports a conflict, and closes without an error.", "Construct and BuildDescriptor: do they agree on what the configuration means?", "R1 R2 R4", None),
        new("K80", "any sequence of calls is explained", "Whatever one caller does, what it observes is what the model allows.", "the counterexample: the last operation of the history is the first that the model cannot explain.", "L A C W", None),
        new("K81", "any concurrent calls are explained", "Whatever several callers do at once, what they observe is what the model allows for some order of their calls; what Log takes in the middle of a stop arrives.", "the counterexample, if there is one, and state that is shared between Log and the loop: what Log has looked at may be over when it acts on it.", "L A C W", None),
        new("K82", "any interleaving is explained, and replays", "Under a manual loop and a virtual clock every interleaving is what the model allows, and runs the same again.", "the counterexample; it is deterministic, so a debugger helps.", "L A C P", None),
    ];

    /// <summary>Finds a rule.</summary>
    /// <param name="rule">Its id, alone or followed by a space and anything.</param>
    /// <returns>The rule.</returns>
    /// <exception cref="ArgumentException">There is no such rule.</exception>
    public static KitRule Get(string rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        string id = rule.Split(' ')[0];
        return All.FirstOrDefault(candidate => candidate.Id == id)
            ?? throw new ArgumentException($"There is no rule \"{rule}\"; there are {All[0].Id} to {All[^1].Id}.", nameof(rule));
    }

    internal static string WhyMissing(SinkCapabilities missing)
    {
        var reasons = new List<string>();
        void Add(SinkCapabilities capability, string reason)
        {
            if (missing.HasFlag(capability))
                reasons.Add(reason);
        }

        Add(SinkCapabilities.ReadBack, "override ReadBack to say what reached the backend");
        Add(SinkCapabilities.Break, "override BreakBackend to make writes fail");
        Add(SinkCapabilities.Stall, "override StallBackend to make writes hang");
        Add(SinkCapabilities.Restart, "the specification says that the sink cannot be restarted");
        Add(SinkCapabilities.Ordered, "the specification says that order is not kept or not known");
        Add(SinkCapabilities.LeavesEventsUnchanged, "the specification says that the sink owns its events");
        return string.Join("; ", reasons);
    }
}
