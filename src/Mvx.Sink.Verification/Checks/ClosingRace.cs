namespace Mvx.Sink.Verification;

/// <summary>
/// Part of rule K81: one thread logs without a pause while another closes the sink, again and again, so that nearly every time the sink is closed in the middle of a call
/// of Log. Random programs are too short for that on a busy machine. What Log has taken must be in the backend all the same.
/// </summary>
internal sealed class ClosingRace<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    /// <summary>On an idle machine a race is over in a millisecond or two.</summary>
    private const int Enough = 40;
    private const int Most = 200;

    /// <summary>With fewer of them in the middle of a call a fast sink gets more time.</summary>
    private const int Fewest = 12;

    private const string WhereToLook =
        "Look at what Log does first and what it does then: a look at the state that is no longer true when the event is handed on, an InvalidSinkStateException that is caught, "
        + "a buffer that OnStoppedAsync writes while Log still adds to it.";

    private readonly bool _fast = session.Traits.PerEvent < TimeSpan.FromMilliseconds(1);

    /// <summary>So long a call of Log takes.</summary>
    private long _call;

    public string Demand()
    {
        int enough = Math.Clamp(session.Settings.ParallelSequences, Enough, Most);
        long started = TimeProvider.System.GetTimestamp();
        int rounds = 0;
        int overlaps = 0;
        do
        {
            if (Race(rounds++))
                overlaps++;
        }
        while (overlaps < enough && TimeProvider.System.GetElapsedTime(started) < session.Budget * (_fast && overlaps < Fewest ? 3 : 1));
        return overlaps == rounds ? $"{rounds} closing races" : $"{rounds} closing races, {overlaps} of them in the middle of a call";
    }

    /// <summary>One race. True: a call of Log was under way while the sink was being closed.</summary>
    private bool Race(int round)
    {
        using var stage = new SinkStage<TSink, TEvent>(session);
        stage.Start();
        int most = session.EventsFor(0.1, _fast ? 20_000 : 64);
        var calls = new RacingCalls<TSink, TEvent>(stage.AddProducer(), most, enough: 1 + (round / 2 * 7 % Math.Min(32, most / 2)), pause: _call * (round / 2 % 8) / 8);
        // What keeps events for its next start cannot be asked for them once it is disposed.
        bool disposes = round % 2 == 1 && session.Traits.LogIsDirect && SinkMembers<TSink, TEvent>.Dispose is not null;
        string how = disposes ? "DisposeAsync" : "Stop";
        Task<SinkOperationResult>? stop = null;
        Task? disposal = null;
        (long asked, long answered) = calls.Close(() =>
        {
            if (disposes)
                disposal = SinkMembers<TSink, TEvent>.Dispose!(stage.Sink).AsTask();
            else
                stop = stage.Sink.Stop().AsTask();
        });
        TimeSpan bound = session.Bound(most);
        if (!calls.Join(bound))
            throw stage.Hang($"One thread logged while another called {how}: Log did not return within {bound.TotalSeconds:0.#} s. The state is {stage.Sink.State}.");
        if (!Completes(disposal ?? stop!, how, bound))
            throw stage.Hang($"{how}, called while another thread was logging, did not complete within {bound.TotalSeconds:0.#} s. The state is {stage.Sink.State}, the ledger: {stage.Sink.Ledger}.");
        if (stop is { Result: { Success: false, Error: var error } })
            throw new RuleViolation($"Stop, called while another thread was logging, failed although the backend is healthy: {SinkStage<TSink, TEvent>.Describe(error)}");
        if (Fault(stage, calls, mayRestart: !disposes, asked) is { } fault)
            throw new RuleViolation($"{how} was called while another thread was logging without a pause, in its call number {calls.Before(asked)}. {fault} {WhereToLook}");
        _call = calls.Typical();
        return calls.Overlap(asked, answered);
    }

    private static bool Completes(Task task, string how, TimeSpan bound)
    {
        try
        {
            return task.Wait(bound);
        }
        catch (AggregateException error)
        {
            throw new RuleViolation($"{how}, called while another thread was logging, threw although the backend is healthy: {SinkStage<TSink, TEvent>.Describe(error.InnerException)}");
        }
    }

    private string? Fault(SinkStage<TSink, TEvent> stage, RacingCalls<TSink, TEvent> calls, bool mayRestart, long asked)
    {
        if (calls.Made.FirstOrDefault(static call => call.Strange is not null) is { } strange)
            return $"Log of {strange.Id} threw {strange.Strange!.GetType().Name}: {strange.Strange.Message}";
        if (!session.Can(SinkCapabilities.ReadBack))
            return BooksFault(stage, calls);
        DeliveryFindings findings = stage.CompareSettled(out _);
        if (findings.Lost.Count > 0 && mayRestart && !session.Traits.LogIsDirect && session.Can(SinkCapabilities.Restart))
        {
            // What gathers events in front of its queue may keep one for its next start, if it really delivers it then.
            stage.Start();
            stage.Stop();
            findings = stage.Compare();
        }

        if (findings.DescribeLost is { } lost)
        {
            LoggedEvent<TEvent> first = calls.Made.First(call => call.Id == findings.Lost[0]);
            return $"{lost} Log of {first.Id} returned as if the event were accepted; {When(first, asked)}.";
        }

        return (session.Can(SinkCapabilities.MayDuplicate) ? null : findings.DescribeDuplicated)
            ?? findings.DescribeUninvited
            ?? (session.Can(SinkCapabilities.Ordered) ? findings.DescribeSwapped : null)
            ?? findings.DescribeChanged;
    }

    /// <summary>Without a look into the backend the ledger tells at least what the sink knows of.</summary>
    private string? BooksFault(SinkStage<TSink, TEvent> stage, RacingCalls<TSink, TEvent> calls)
    {
        int taken = calls.Made.Count(static call => call.IsAccepted);
        SinkLedger ledger = stage.Sink.Ledger;
        return session.Traits.LogIsDirect && ledger.Accepted + ledger.Dropped < taken
            ? $"Log returned as if the event were accepted for {taken} events, but the ledger knows of {ledger.Accepted + ledger.Dropped} only: {ledger}."
            : null;
    }

    private static string When(LoggedEvent<TEvent> call, long asked) =>
        call.Invoked > asked ? "it was called after the sink had been told to close"
        : call.Returned > asked ? "it was under way when the sink was told to close"
        : "it had returned before the sink was told to close";
}
