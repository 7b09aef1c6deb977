namespace Mvx.Sink.Verification;

/// <summary>Rule K17: whoever flushes comes back.</summary>
internal sealed class FlushChecks<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    private readonly Func<TSink, CancellationToken, ValueTask<FlushReport>>? _flush = SinkMembers<TSink, TEvent>.Flush;

    public string AlwaysEnds()
    {
        if (_flush is null)
            throw new RuleSkip("the sink has no FlushAsync");
        Idle();
        Waiting(stopFirst: false);
        Waiting(stopFirst: true);
        GivenUp();
        if (session.Can(SinkCapabilities.Break))
            Failing();
        return "idle, at once, while starting, during a stop, given up, and afterwards";
    }

    private void Idle()
    {
        using var stage = new SinkStage<TSink, TEvent>(session);
        Task[] early;
        SinkWaitHandle start;
        using (stage.TryHold())
        {
            start = stage.Sink.Start();
            stage.Log(1);
            early = [Begin(stage), Begin(stage)];
        }

        stage.Await(start, "Start, with a flush at the same time,");
        Demand(stage, early, "while the sink was starting");
        Demand(stage, [Begin(stage), Begin(stage)], "on an idle sink");
        stage.LogPatiently(3);
        Demand(stage, [Begin(stage), Begin(stage), Begin(stage)], "by three callers at once");
        stage.Stop();
        Demand(stage, [Begin(stage)], "on a stopped sink");
    }

    private void Waiting(bool stopFirst)
    {
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        Task[] flushes = [];
        SinkWaitHandle stop;
        using (stage.TryHold())
        {
            stage.Log(2);
            if (!stopFirst)
                flushes = [Begin(stage)];
            stop = stage.Sink.Stop();
            flushes = [.. flushes, Begin(stage)];
        }

        Demand(stage, flushes, stopFirst ? "during a stop" : "just before a stop");
        SinkOperationResult result = stage.Await(stop, "Stop, with a flush at the same time,");
        if (!result.Success)
            throw new RuleViolation($"Stop, with a flush at the same time, failed: {SinkStage<TSink, TEvent>.Describe(result.Error)}");
        Demand(stage, [Begin(stage)], "after a stop, with a flush at the same time");
    }

    private void GivenUp()
    {
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        using (stage.TryHold())
        {
            stage.Log(1);
            using var patience = new CancellationTokenSource();
            Task flush = Begin(stage, patience.Token);
            patience.Cancel();
            Demand(stage, [flush], "and given up by its caller while the loop was stuck");
        }

        // What the one that was given up has taken and not given back is missed by those after it.
        Demand(stage, [Begin(stage)], "after a flush that was given up");
        SinkOperationResult stop = stage.Await(stage.Sink.Stop(), "Stop, after a flush that was given up,");
        if (!stop.Success)
            throw new RuleViolation($"Stop, after a flush that was given up, failed: {SinkStage<TSink, TEvent>.Describe(stop.Error)}");
    }

    private void Failing()
    {
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        stage.Break();
        stage.Log(3);
        Demand(stage, [Begin(stage)], "on a broken backend");
        // Not while it still cleans up, unless it takes long to: what is released then and what is kept shows afterwards. A sink that survives has nothing to clean up.
        Patience.Until(() => stage.Sink.Ledger.Pending == 0 && stage.Sink.State is not SinkState.Stopping, session.Bound(3));
        Demand(stage, [Begin(stage)], "after the failure");
    }

    /// <summary>On a thread of its own: a flush that blocks its caller must not block the kit.</summary>
    private Task Begin(SinkStage<TSink, TEvent> stage, CancellationToken cancellationToken = default)
    {
        var begun = new ManualResetEventSlim(initialState: false);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                Task task = _flush!(stage.Sink, cancellationToken).AsTask();
                begun.Set();
                _ = task.ContinueWith(_ => ended.TrySetResult(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
            catch (Exception)
            {
                ended.TrySetResult(); // it came back
                begun.Set();
            }
        })
        { IsBackground = true, Name = "Mvx.Sink.Verification flush" }.UnsafeStart();
        begun.Wait(TimeSpan.FromMilliseconds(200), CancellationToken.None);
        return ended.Task;
    }

    private void Demand(SinkStage<TSink, TEvent> stage, Task[] flushes, string how)
    {
        TimeSpan bound = session.Bound(stage.Sink.Ledger.Pending);
        if (!Task.WaitAll(flushes, bound))
            throw stage.Hang($"FlushAsync, called {how}, did not come back within {bound.TotalSeconds:0.#} s. The state is {stage.Sink.State}, the ledger: {stage.Sink.Ledger}.");
    }
}
