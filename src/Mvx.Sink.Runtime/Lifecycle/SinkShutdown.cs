using System.Diagnostics;

namespace Mvx.Sink.Runtime;

/// <summary>
/// Brings a sink to rest whatever it is doing, within a budget: the sequence that terminating and disposing share. Blocks; needs neither the thread pool nor, when
/// the time is up, the loop.
/// </summary>
internal static class SinkShutdown
{
    /// <summary>Joins a running start, stops what runs, waits for clean-up, and closes the sink for good.</summary>
    /// <returns>The error of a stop it waited for, or of the time being up; else null.</returns>
    public static SinkException? StopAndClose(ISinkLifecycle sink, TimeSpan budget)
    {
        var time = new Remaining(budget);
        SinkException? error = Stop(sink, time);
        if (sink is ILoopBound bound)
        {
            while (error is not StopBudgetSpentException && !TryClose(bound, time))
                error = Stop(sink, time) ?? error; // somebody has restarted it
        }

        return error;
    }

    /// <summary>Runs a blocking shutdown on a thread of its own, so that neither the caller nor the thread pool has to wait.</summary>
    public static Task RunAsync(Action shutdown) =>
        Task.Factory.StartNew(shutdown, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    private static SinkException? Stop(ISinkLifecycle sink, Remaining time)
    {
        while (true)
        {
            switch (sink.State)
            {
                case SinkState.Starting:
                    // Only joined: by now somebody may have stopped it, and Start would start it again.
                    SinkWaitHandle? start = sink is ILoopBound starting ? starting.StartInProgress() : sink.Start();
                    if (start is null || start.Wait(time.Left, out _))
                        break;
                    // One that was not begun for want of a loop is ended, so that who waits for its handle is told.
                    if (sink is ILoopBound waiting)
                        GiveUpLoop(waiting.Loop, start.AsTask(), time);
                    return time.Spent();
                case SinkState.Running or SinkState.Stopping:
                    SinkOperationResult stopped = StopRunning(sink, time);
                    // A refusal means that it ended by itself, or was restarted, between the look and the stop: look again. But a backend that
                    // forwards to another sink may have failed this stop with that sink's refusal; then it is what ended this one.
                    if (stopped.Error is not InvalidSinkStateException refusal || ReferenceEquals(refusal, sink.LastError))
                        return stopped.Error;
                    break;
                case SinkState.Failure or SinkState.Cancelled:
                    return sink is ILoopBound bound && !bound.WhenAtRest().Wait(time.Left) ? time.Spent() : null;
                default:
                    // At rest when it was looked at. An event may start it right now, and then closing it fails and leads back here; to wait for rest
                    // would be to wait for ever.
                    return null;
            }
        }
    }

    private static SinkOperationResult StopRunning(ISinkLifecycle sink, Remaining time)
    {
        if (sink is not ILoopBound bound)
            return sink.Stop().Wait(time.Left, out SinkOperationResult result) ? result : SinkOperationResult.Of(SinkOperation.Stop, time.Spent());

        SinkWaitHandle stop = bound.Stop(time.Left);
        // The budget's own timers see to it. When neither the thread pool nor the loop gets to them, this thread does it itself.
        if (stop.Wait(time.IsLimited ? time.Left + StopBudget.Grace + StopBudget.Grace : Timeout.InfiniteTimeSpan, out SinkOperationResult stopped))
            return stopped;
        bound.ForceStop(time.Budget);
        return stop.Wait(StopBudget.Grace, out stopped) ? stopped : SinkOperationResult.Of(SinkOperation.Stop, time.Spent());
    }

    private static bool TryClose(ILoopBound sink, Remaining time)
    {
        var attempt = new LoopInvocation<bool>(sink.TryClose);
        if (!sink.Loop.TryPost(static state => ((LoopInvocation<bool>)state!).Run(), attempt))
            return true;
        try
        {
            if (attempt.Task.Wait(time.Left))
                return attempt.Task.Result;
            // A loop that is stuck in another sink's hook does not answer; who disposes the loop closes what is on it. One that runs nothing has nobody to do that.
            GiveUpLoop(sink.Loop, attempt.Task, time);
            return true;
        }
        catch (AggregateException)
        {
            return true; // the loop has ended meanwhile, and has closed its sinks
        }
    }

    /// <summary>Ends a foreign loop that has not begun what was posted to it, neither within the budget nor in the grace after it.</summary>
    private static void GiveUpLoop(LoopHost loop, Task awaited, Remaining time)
    {
        if (loop.HasUnbegunTurn && !awaited.Wait(StopBudget.Grace) && loop.TryGiveUp(time.Budget + StopBudget.Grace))
            Task.WaitAny([awaited], StopBudget.Grace);
    }

    private readonly struct Remaining(TimeSpan budget)
    {
        private readonly long _start = Stopwatch.GetTimestamp();

        public TimeSpan Budget => budget;

        public bool IsLimited => budget != Timeout.InfiniteTimeSpan;

        public TimeSpan Left
        {
            get
            {
                if (!IsLimited)
                    return Timeout.InfiniteTimeSpan;
                TimeSpan left = budget - Stopwatch.GetElapsedTime(_start);
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }

        public StopBudgetSpentException Spent() => new(budget);
    }
}
