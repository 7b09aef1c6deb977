namespace Mvx.Sink.Verification;

/// <summary>Rules K30 to K33, K36 and K37: what a broken backend does to a sink.</summary>
internal sealed class FailureChecks<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    public string NotHushedUp()
    {
        foreach (FailureRun run in session.Failures)
        {
            if (run.Hang is not null)
                throw new RuleSkip("the sink hangs on a broken backend: see K31");
            if (Invariants.IsTerminal(run.State))
            {
                if (run.LastError is null)
                    throw new RuleViolation($"When {run.How}, the state became {run.State} without a LastError.");
                if (run.Stop is { Success: true })
                    throw new RuleViolation($"When {run.How}, Stop reported success, but the state is {run.State}.");
                continue;
            }

            bool expectsNothing = run.Ledger.Accepted == 0 || (!session.Can(SinkCapabilities.ReadBack) && run.How.Contains("flushed", StringComparison.Ordinal));
            if (expectsNothing || (session.Can(SinkCapabilities.ReadBack) && run.Findings.Lost.Count == 0))
                continue;
            throw new RuleViolation($"When {run.How}, the sink ended as {run.State} without an error, although "
                + (run.Findings.DescribeLost ?? $"{run.Ledger.Accepted} events had been accepted."));
        }

        return $"{session.Failures.Count} ways of breaking";
    }

    public string DoesNotHang() =>
        session.Failures.FirstOrDefault(static run => run.Hang is not null) is { } hanging
            ? throw new RuleViolation($"When {hanging.How}: {hanging.Hang}.")
            : $"{session.Failures.Count} ways of breaking";

    public string KeepsBooks()
    {
        foreach (FailureRun run in session.Failures)
        {
            if (run.Hang is not null)
                throw new RuleSkip("the sink hangs on a broken backend: see K31");
            SinkLedger ledger = run.Ledger;
            string? fault = ledger.Pending != 0 || !Invariants.LedgerHolds(ledger, long.MaxValue)
                ? $"the ledger at rest is {ledger}."
                : (session.Can(SinkCapabilities.MayDuplicate) ? null : run.Findings.DescribeDuplicated)
                    ?? run.Findings.DescribeUninvited
                    ?? (session.Can(SinkCapabilities.Ordered) ? run.Findings.DescribeSwapped : null)
                    ?? run.Findings.DescribeChanged;
            if (fault is null && session.Can(SinkCapabilities.ReadBack) && session.AwaitsBackend && run.Findings.Received < ledger.Delivered)
                fault = $"{ledger.Delivered} events count as delivered, but only {run.Findings.Received} are in the backend.";
            if (fault is not null)
                throw new RuleViolation($"When {run.How}: {fault}");
        }

        return $"{session.Failures.Count} ways of breaking";
    }

    public string PassingFault()
    {
        bool counted = session.Can(SinkCapabilities.FailNextWrites);
        if (!counted && !session.Can(SinkCapabilities.Break))
            throw new RuleSkip("override FailNextWrites or BreakBackend to make writes fail");
        int recovered = 0;
        foreach (int faults in new[] { 1, 1, 2, 3, 1, 2 })
        {
            using var stage = new SinkStage<TSink, TEvent>(session);
            stage.Start();
            stage.LogPatiently(2);
            stage.Flush();
            string how = counted ? $"{faults} failing writes" : "a backend that was broken for a moment";
            if (counted)
                stage.FailNextWrites(faults);
            else
                stage.Break();
            stage.Log(session.EventsFor(0.05, 12));
            if (!counted)
            {
                stage.LetDispatchBegin();
                stage.Heal();
            }

            TimeSpan bound = session.Bound(12);
            if (!Patience.Until(() => stage.Sink.State != SinkState.Running || stage.Sink.Ledger.Pending == 0, bound))
                throw new RuleViolation($"After {how} {stage.Sink.Ledger.Pending} events were still waiting {bound.TotalSeconds:0.#} s later; the state is {stage.Sink.State}.");
            SinkOperationResult? stop = stage.Sink.State == SinkState.Running ? stage.Await(stage.Sink.Stop(), $"Stop after {how}") : null;
            stage.WaitForTerminal(stage.Sink.State == SinkState.Stopped ? TimeSpan.Zero : bound);
            bool survived = stage.Sink.State == SinkState.Stopped;
            DeliveryFindings findings = survived ? stage.CompareSettled(out _) : stage.Compare();
            recovered += survived ? 1 : 0;
            string? fault = (session.Can(SinkCapabilities.MayDuplicate) ? null : findings.DescribeDuplicated)
                ?? (survived ? findings.DescribeLost : null)
                ?? findings.DescribeUninvited
                ?? (session.Can(SinkCapabilities.Ordered) ? findings.DescribeSwapped : null);
            if (fault is not null)
                throw new RuleViolation($"After {how} the sink is {stage.Sink.State}, and {fault}");
            if (!survived && stop is { Success: true })
                throw new RuleViolation($"After {how} Stop reported success, but the state is {stage.Sink.State}.");
        }

        return $"recovered {recovered} times of 6";
    }

    public string NewSinkWorks()
    {
        using (var broken = new SinkStage<TSink, TEvent>(session))
        {
            broken.Start();
            broken.Break();
            broken.Log(5);
            TimeSpan bound = session.Bound(5);
            Patience.Until(() => broken.Sink.State != SinkState.Running || broken.Sink.Ledger.Pending == 0, bound);
            if (broken.Sink.State == SinkState.Running)
                broken.Sink.Stop().Wait(bound, out _);
            if (!Patience.Until(() => Invariants.IsTerminal(broken.Sink.State) || broken.Sink.State == SinkState.Stopped, bound))
                throw new RuleSkip("the sink hangs on a broken backend: see K31");
        }

        // The backend is not reset in between: what the failed sink left there is the point.
        using var next = new SinkStage<TSink, TEvent>(session, reset: false);
        next.Start();
        next.LogPatiently(5);
        next.Stop();
        if (session.Can(SinkCapabilities.ReadBack) && next.CompareSettled(out _).DescribeLost is { } lost)
            throw new RuleViolation($"A new sink on the healed backend: {lost}");
        return "failed, healed, new sink";
    }

    public string UndeliveredAreTaken()
    {
        long undelivered = 0;
        foreach (FailureRun run in session.Failures)
        {
            if (run.Hang is not null)
                throw new RuleSkip("the sink hangs on a broken backend: see K31");
            undelivered += run.Ledger.Undelivered;
            if (run.Reported.FirstOrDefault(static report => report.StartsWith("OnUndeliveredAsync of sink", StringComparison.Ordinal)) is { } thrown)
                throw new RuleViolation($"When {run.How}, OnUndeliveredAsync threw: {thrown}");
        }

        return undelivered == 0 ? throw new RuleSkip("no event was left undelivered on a broken backend") : $"{undelivered} events handed over";
    }
}
