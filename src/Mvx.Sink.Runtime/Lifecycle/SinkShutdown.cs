namespace Mvx.Sink.Runtime;

/// <summary>Brings a sink to rest whatever it is doing: the sequence that terminating and disposing share. Blocks, and needs no thread pool.</summary>
internal static class SinkShutdown
{
    /// <summary>Joins a running start, stops what runs, waits for clean-up, and closes the sink for good.</summary>
    /// <returns>The error of a stop it waited for, or null.</returns>
    public static SinkException? StopAndClose(ISinkLifecycle sink)
    {
        SinkException? error = Stop(sink);
        if (sink is ILoopBound bound)
        {
            while (!TryClose(bound))
                error = Stop(sink) ?? error; // somebody has restarted it
        }

        return error;
    }

    /// <summary>Runs a blocking shutdown on a thread of its own, so that neither the caller nor the thread pool has to wait.</summary>
    public static Task RunAsync(Action shutdown) =>
        Task.Factory.StartNew(shutdown, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    private static SinkException? Stop(ISinkLifecycle sink)
    {
        while (true)
        {
            switch (sink.State)
            {
                case SinkState.Starting:
                    sink.Start().Wait();
                    break;
                case SinkState.Running or SinkState.Stopping:
                    SinkOperationResult stopped = sink.Stop().Wait();
                    // A refusal means that it ended by itself, or was restarted, between the look and the stop: look again. But a backend that
                    // forwards to another sink may have failed this stop with that sink's refusal; then it is what ended this one.
                    if (stopped.Error is not InvalidSinkStateException refusal || ReferenceEquals(refusal, sink.LastError))
                        return stopped.Error;
                    break;
                default:
                    if (sink is ILoopBound bound)
                        bound.WhenAtRest().GetAwaiter().GetResult();
                    return null;
            }
        }
    }

    private static bool TryClose(ILoopBound sink)
    {
        var attempt = new LoopInvocation<bool>(sink.TryClose);
        if (!sink.Loop.TryPost(static state => ((LoopInvocation<bool>)state!).Run(), attempt))
            return true;
        try
        {
            return attempt.Task.GetAwaiter().GetResult();
        }
        catch (EventLoopUnavailableException)
        {
            return true; // the loop has ended meanwhile, and has closed its sinks
        }
    }
}
