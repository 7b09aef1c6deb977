namespace Mvx.Sink.Verification;

/// <summary>Rules K30 to K32, K36 and K37: what a broken backend does to a sink.</summary>
internal sealed class FailureChecks<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    public string NotHushedUp()
    {
        foreach (FailureRun run in session.Failures)
        {
            if (run.Hang is not null)
                throw new RuleSkip("the sink hangs, or cannot be disposed, on a broken backend: see K31");
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
                throw new RuleSkip("the sink hangs, or cannot be disposed, on a broken backend: see K31");
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

    public string NewSinkWorks()
    {
        IReadOnlyList<Producer<TSink, TEvent>> earlier = FailWithEventsWaiting();
        // The backend is not reset in between: what the failed sink left there is the point.
        using var next = new SinkStage<TSink, TEvent>(session, reset: false);
        next.Start();
        next.LogPatiently(5);
        next.Stop();
        if (session.Can(SinkCapabilities.ReadBack))
        {
            if (next.CompareSettled(out _).DescribeLost is { } lost)
                throw new RuleViolation($"A new sink on the healed backend: {lost}");
            DemandHandOver(earlier, next);
        }

        return "failed, healed, new sink";
    }

    /// <summary>Who logged what to the sink that failed. All of it is waiting then, so that what the sink hands over is more than one event.</summary>
    private IReadOnlyList<Producer<TSink, TEvent>> FailWithEventsWaiting()
    {
        using var broken = new SinkStage<TSink, TEvent>(session);
        broken.Start();
        broken.Break();
        using (broken.TryHold())
            broken.Log(5);
        TimeSpan bound = session.Bound(5);
        Patience.Until(() => broken.Sink.State != SinkState.Running || broken.Sink.Ledger.Pending == 0, bound);
        if (broken.Sink.State == SinkState.Running)
            broken.Sink.Stop().Wait(bound, out _);
        if (!Patience.Until(() => Invariants.IsTerminal(broken.Sink.State) || broken.Sink.State == SinkState.Stopped, bound))
            throw new RuleSkip("the sink hangs, or cannot be disposed, on a broken backend: see K31");
        return broken.Producers;
    }

    /// <summary>
    /// A failed sink may leave its events behind, and the next one may write them, or not. Once each, however, and each sink's own in their order; nothing is said about
    /// the order between the two, since one of them may write elsewhere.
    /// </summary>
    private void DemandHandOver(IReadOnlyList<Producer<TSink, TEvent>> earlier, SinkStage<TSink, TEvent> next)
    {
        IReadOnlyList<ReceivedEvent> received = next.ReadBack();
        DeliveryFindings both = DeliveryCheck.Of(session.Specification, earlier.Concat(next.Producers), received);
        DeliveryFindings left = DeliveryCheck.Of(session.Specification, earlier, received);
        string? fault = (session.Can(SinkCapabilities.MayDuplicate) ? null : both.DescribeDuplicated)
            ?? (session.Can(SinkCapabilities.Ordered) ? left.DescribeSwapped : null);
        if (fault is not null)
            throw new RuleViolation($"After a failure and a new sink on the healed backend, {fault}");
    }

    public string UndeliveredAreTaken()
    {
        long undelivered = 0;
        foreach (FailureRun run in session.Failures)
        {
            if (run.Hang is not null)
                throw new RuleSkip("the sink hangs, or cannot be disposed, on a broken backend: see K31");
            undelivered += run.Ledger.Undelivered;
            if (run.Reported.FirstOrDefault(static report => report.StartsWith("OnUndeliveredAsync of sink", StringComparison.Ordinal)) is { } thrown)
                throw new RuleViolation($"When {run.How}, OnUndeliveredAsync threw: {thrown}");
        }

        return undelivered == 0 ? throw new RuleSkip("no event was left undelivered on a broken backend") : $"{undelivered} events handed over";
    }
}
