namespace Mvx.Sink.Verification;

/// <summary>What a sink did when its backend broke, in one of several ways.</summary>
internal sealed record FailureRun(
    string How,
    string? Hang,
    SinkState State,
    SinkException? LastError,
    SinkOperationResult? Stop,
    SinkLedger Ledger,
    DeliveryFindings Findings,
    IReadOnlyList<string> Reported)
{
    public static IReadOnlyList<FailureRun> AllOf<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
        where TSink : class, ISinkLifecycle
        where TEvent : notnull
    {
        var runs = new List<FailureRun>();
        int many = session.EventsFor(0.2, 300);
        runs.Add(Perform(session, "it broke, then events were logged", before: 3, queued: 0, after: many, breakFirst: false));
        if (runs[^1].Hang is not null)
            return runs;
        runs.Add(Perform(session, "it broke while events were waiting, then the sink was stopped", before: 0, queued: Math.Min(many, 50), after: 0, breakFirst: false));
        runs.Add(Perform(session, "it broke before the first event", before: 0, queued: 0, after: 1, breakFirst: true));
        runs.Add(Perform(session, "it broke after the events were flushed, then the sink was stopped", before: 7, queued: 0, after: 0, breakFirst: false));
        return runs;
    }

    private static FailureRun Perform<TSink, TEvent>(VerificationSession<TSink, TEvent> session, string how, int before, int queued, int after, bool breakFirst)
        where TSink : class, ISinkLifecycle
        where TEvent : notnull
    {
        session.Diagnostics.Take();
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        if (!breakFirst && before > 0)
        {
            stage.LogPatiently(before);
            stage.Flush();
        }

        if (queued > 0)
        {
            using LoopHold? hold = stage.TryHold();
            stage.Log(queued);
            stage.Break();
        }
        else
        {
            stage.Break();
            for (int i = 0; i < after && stage.Sink.State == SinkState.Running; i++)
                stage.Log(1);
        }

        TimeSpan bound = session.Bound(queued + after);
        SinkOperationResult? stop = null;
        string? hang = null;
        if (after > 0 && !Patience.Until(() => stage.Sink.State != SinkState.Running || stage.Sink.Ledger.Pending == 0, bound))
            hang = $"{stage.Sink.Ledger.Pending} events were still waiting {bound.TotalSeconds:0.#} s after the backend had broken, and the state is {stage.Sink.State}";
        if (hang is null && stage.Sink.State is SinkState.Running or SinkState.Stopping)
        {
            SinkWaitHandle handle = stage.Sink.Stop();
            if (handle.Wait(bound, out SinkOperationResult result))
                stop = result;
            else
                hang = $"Stop did not complete within {bound.TotalSeconds:0.#} s on the broken backend, and the state is {stage.Sink.State}";
        }

        if (hang is null && !Patience.Until(() => stage.Sink.State is not (SinkState.Running or SinkState.Stopping) && stage.Sink.Ledger.Pending == 0, bound))
            hang = $"the sink did not come to rest within {bound.TotalSeconds:0.#} s; the state is {stage.Sink.State}, the ledger: {stage.Sink.Ledger}";
        hang ??= Dispose(stage, bound);
        stage.Heal();
        DeliveryFindings findings = session.Can(SinkCapabilities.ReadBack) && hang is null
            ? stage.Sink.State == SinkState.Stopped ? stage.CompareSettled(out _) : stage.Compare()
            : new DeliveryFindings();
        return new FailureRun(how, hang, stage.Sink.State, stage.Sink.LastError, stop, stage.Sink.Ledger, findings, session.Diagnostics.Take());
    }

    private static string? Dispose<TSink, TEvent>(SinkStage<TSink, TEvent> stage, TimeSpan bound)
        where TSink : class, ISinkLifecycle
        where TEvent : notnull
    {
        if (stage.Sink is not IAsyncDisposable disposable)
            return null;
        try
        {
            bool ended = false;
            bool returned = Patience.TryRun(() => ended = disposable.DisposeAsync().AsTask().Wait(bound), bound);
            return returned && ended ? null : $"clean-up after the failure did not complete within {bound.TotalSeconds:0.#} s";
        }
        catch (Exception error)
        {
            Exception cause = (error as AggregateException)?.InnerException ?? error;
            return $"DisposeAsync, after the failure, threw {cause.GetType().Name}: {cause.Message}";
        }
    }
}
