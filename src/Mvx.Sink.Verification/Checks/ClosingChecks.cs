using System.Reflection;

namespace Mvx.Sink.Verification;

/// <summary>Rules K07 to K09: terminating and disposing.</summary>
internal sealed class ClosingChecks<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    private const int Callers = 4;

    /// <summary>So long several callers have for their way to a backend that is stuck.</summary>
    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(30);

    public string TerminatesOnce()
    {
        ManagedSink<TSink> managed = Create();
        var producer = new Producer<TSink, TEvent>(session, managed.Sink);
        int events = session.EventsFor(0.1, 30);
        for (int i = 0; i < events; i++)
            producer.Log();
        TimeSpan bound = session.Bound(events);
        string?[] thrown = CallTogether(managed.Terminate, bound)
            ?? throw new RuleViolation($"Terminate, called by {Callers} threads, did not return to all of them within {bound.TotalSeconds:0.#} s. The state is {managed.Sink.State}.");
        if (Array.Find(thrown, static error => error is not null) is { } first)
            throw new RuleViolation($"Terminate threw although the backend is healthy: {first}");
        if (!Patience.TryRun(() => thrown[0] = Thrown(managed.Terminate), bound) || thrown[0] is not null)
            throw new RuleViolation($"Terminate, called again, {(thrown[0] is { } error ? $"threw {error}" : "did not return")}.");
        if (managed.Sink.State != SinkState.Stopped)
            throw new RuleViolation($"After Terminate the state is {managed.Sink.State}, not Stopped.");
        if (session.Can(SinkCapabilities.ReadBack)
            && DeliveryCheck.Of(session.Specification, [producer], [.. session.Specification.ReadBack(managed.Sink)]).DescribeLost is { } lost)
        {
            throw new RuleViolation($"When Terminate had returned, {lost}");
        }

        return $"{Callers} concurrent callers, then one more";
    }

    public string DisposesTwice()
    {
        using (var fresh = new SinkStage<TSink, TEvent>(session))
            DisposeTwice(fresh, "new");
        using (var stopped = new SinkStage<TSink, TEvent>(session))
        {
            stopped.Start();
            stopped.LogPatiently(2);
            stopped.Stop();
            DisposeTwice(stopped, "stopped");
        }

        ManagedSink<TSink> managed = Create();
        if (!Patience.TryRun(managed.Terminate, session.Bound(0)))
            throw new RuleViolation("Terminate did not return.");
        DisposeTwice(managed.Sink, "terminated");
        if (SinkMembers<TSink, TEvent>.Dispose is not { } dispose)
            return "new, stopped and terminated";
        DisposeTogether(dispose, stuck: false);
        // Each caller does its part for certain while the backend keeps the others waiting.
        if (session.Can(SinkCapabilities.Stall))
            DisposeTogether(dispose, stuck: true);
        return "new, stopped and terminated; running, by several callers at once";
    }

    /// <summary>Only a healthy backend obliges the sink to deliver without an error; once at most is always right.</summary>
    private void DisposeTogether(Func<TSink, ValueTask> dispose, bool stuck)
    {
        string how = stuck ? " while the backend was stuck for a moment" : "";
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        if (stuck)
            stage.Stall();
        stage.Log(session.EventsFor(0.1, 20));
        stage.LetDispatchBegin();
        TimeSpan bound = session.Bound(stage.Sink.Ledger.Pending);
        string?[] thrown = CallTogether(() => dispose(stage.Sink).AsTask().GetAwaiter().GetResult(), bound, meanwhile: stuck ? HealInAMoment : null)
            ?? throw stage.Hang($"DisposeAsync of a running sink, called by {Callers} threads{how}, did not return to all of them within {bound.TotalSeconds:0.#} s. The state is {stage.Sink.State}.");
        if (!stuck && Array.Find(thrown, static error => error is not null) is { } first)
            throw new RuleViolation($"DisposeAsync of a running sink, called by {Callers} threads, threw {first}");
        if (!session.Can(SinkCapabilities.ReadBack))
            return;
        DeliveryFindings findings = stage.CompareSettled(out _);
        string? fault = (session.Can(SinkCapabilities.MayDuplicate) ? null : findings.DescribeDuplicated)
            ?? (stage.Sink.State == SinkState.Stopped && !Array.Exists(thrown, static error => error is not null) ? findings.DescribeLost : null);
        if (fault is not null)
            throw new RuleViolation($"When DisposeAsync of a running sink had been called by {Callers} threads{how}, {fault}");

        void HealInAMoment()
        {
            Patience.Pass(_moment * session.Stretch);
            stage.Heal();
        }
    }

    /// <summary>What each of some threads was thrown that called at the same time; null: not all of them came back in time.</summary>
    private static string?[]? CallTogether(Action call, TimeSpan bound, Action? meanwhile = null)
    {
        string?[] thrown = new string?[Callers];
        Thread[] callers = [.. Enumerable.Range(0, Callers).Select(i => new Thread(() => thrown[i] = Thrown(call)) { IsBackground = true })];
        Array.ForEach(callers, static caller => caller.Start());
        meanwhile?.Invoke();
        return Array.TrueForAll(callers, caller => caller.Join(bound)) ? thrown : null;
    }

    public string ClosedRefuses()
    {
        ManagedSink<TSink> managed = Create();
        if (!Patience.TryRun(managed.Terminate, session.Bound(0)))
            throw new RuleViolation("Terminate did not return.");
        if (!managed.Sink.Start().Wait(session.Bound(0), out SinkOperationResult start))
            throw new RuleViolation("Start on a terminated sink did not complete.");
        if (start.Success || start.Error?.Reason != SinkErrorReason.EventLoopUnavailable)
            throw new RuleViolation($"Start on a terminated sink gave {(start.Success ? "success" : SinkStage<TSink, TEvent>.Describe(start.Error))}; EventLoopUnavailable was expected.");
        var producer = new Producer<TSink, TEvent>(session, managed.Sink);
        LoggedEvent<TEvent> logged = producer.Log();
        if (logged.Outcome != LogOutcome.InvalidState)
            throw new RuleViolation($"Log on a terminated sink {(logged.Strange is { } error ? $"threw {error.GetType().Name}: {error.Message}" : "returned as if the event were accepted")}; InvalidSinkStateException was expected.");
        if (session.Can(SinkCapabilities.ReadBack) && Patience.Until(() => session.Specification.ReadBack(managed.Sink).Any(received => received.Id.Producer == producer.Id), TimeSpan.FromMilliseconds(5)))
            throw new RuleViolation("Log on a terminated sink refused an event, but it is in the backend.");
        return "start and log are refused";
    }

    private static string? Thrown(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception error)
        {
            return SinkStage<TSink, TEvent>.Describe(error);
        }
    }

    private void DisposeTwice(SinkStage<TSink, TEvent> stage, string condition) => DisposeTwice(stage.Sink, condition);

    private void DisposeTwice(TSink sink, string condition)
    {
        foreach ((string name, Func<ValueTask> dispose) in Disposals(sink))
        {
            for (int time = 1; time <= 2; time++)
            {
                string? thrown = null;
                bool returned = Patience.TryRun(() => thrown = Thrown(() => dispose().AsTask().GetAwaiter().GetResult()), session.Bound(0));
                if (!returned || thrown is not null)
                    throw new RuleViolation($"{name}, called on a {condition} sink for the {(time == 1 ? "first" : "second")} time, {(returned ? $"threw {thrown}" : "did not return")}.");
            }
        }
    }

    private static IEnumerable<(string Name, Func<ValueTask> Dispose)> Disposals(TSink sink)
    {
        if (sink is IDisposable disposable)
        {
            yield return ("IDisposable.Dispose", () =>
            {
                disposable.Dispose();
                return ValueTask.CompletedTask;
            }
            );
        }

        MethodInfo? own = sink.GetType().GetMethods().FirstOrDefault(static method => method.Name == "DisposeAsync" && method.GetParameters().Length == 0);
        if (own?.ReturnType == typeof(ValueTask))
            yield return ($"{own.DeclaringType?.Name}.DisposeAsync", own.CreateDelegate<Func<ValueTask>>(sink));
        if (sink is IAsyncDisposable asynchronous)
            yield return ("IAsyncDisposable.DisposeAsync", asynchronous.DisposeAsync);
    }

    private ManagedSink<TSink> Create()
    {
        session.Specification.ResetBackend();
        ManagedSink<TSink>? managed = null;
        bool created = Patience.TryRun(
            () => managed = SinkRuntime.Create(() =>
            {
                session.Specification.BindToLoop(Environment.CurrentManagedThreadId, null);
                return session.Specification.CreateSink(session.Options(null));
            }),
            session.Bound(0));
        return created && managed is not null ? managed : throw new RuleViolation("SinkRuntime.Create did not return.");
    }
}
