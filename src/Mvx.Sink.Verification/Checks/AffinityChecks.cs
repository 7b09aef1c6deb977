namespace Mvx.Sink.Verification;

/// <summary>
/// Rule K60. While the kit holds the loop, nothing that belongs to the loop can change; what changes all the same was changed off it. A test backend can tell by
/// itself too (MustBeOnLoop).
/// </summary>
internal sealed class AffinityChecks<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    public string OnLoopOnly()
    {
        session.Specification.TakeOffLoopCall();
        using var stage = new SinkStage<TSink, TEvent>(session);
        if (Told() is { } atCreation)
            throw new RuleViolation(atCreation);
        string? synchronised = session.Can(SinkCapabilities.OwnThreads) ? "the specification says that the sink works on threads of its own" : FieldWatch.WhySynchronised(stage.Sink);
        FieldWatch? watch = synchronised is null ? FieldWatch.Of(stage.Sink) : null;
        stage.Start();
        TimeSpan hold = TimeSpan.FromTicks(Math.Clamp((session.Traits.PerEvent * 2).Ticks, TimeSpan.FromMilliseconds(8).Ticks, TimeSpan.FromMilliseconds(250).Ticks));
        int rounds = (int)Math.Clamp(session.Settings.RuleBudget * 0.3 / hold, 6, 40);
        for (int round = 0; round < rounds; round++)
        {
            stage.Log(2);
            if (Changed(stage, watch, hold) is { } changed)
                throw new RuleViolation(changed);
            if (Told() is { } told)
                throw new RuleViolation(told);
        }

        if (session.Can(SinkCapabilities.Restart))
        {
            stage.Stop();
            stage.Start();
        }

        stage.Stop();
        if (Told() is { } atEnd)
            throw new RuleViolation(atEnd);
        return synchronised is null ? $"{rounds} looks while the loop was held" : throw new RuleSkip(synchronised);
    }

    private string? Told() =>
        session.Specification.TakeOffLoopCall() is { } what ? $"{what} was called off the sink's loop." : null;

    private static string? Changed(SinkStage<TSink, TEvent> stage, FieldWatch? watch, TimeSpan hold)
    {
        // Several holds in a row: between two of them the loop takes one turn, which begins the dispatch and leaves it at its first await.
        for (int turn = 0; turn < 4; turn++)
        {
            using LoopHold? held = stage.TryHold();
            if (held is null || watch is null)
                return null;
            string[] before = watch.Look();
            string[] after = before;
            Patience.Until(
                () =>
                {
                    after = watch.Look();
                    return !before.SequenceEqual(after, StringComparer.Ordinal);
                },
                turn < 2 ? TimeSpan.FromMilliseconds(1) : hold);
            int at = 0;
            while (at < after.Length && string.Equals(before[at], after[at], StringComparison.Ordinal))
                at++;
            if (at < after.Length)
                return $"A field of the sink changed while its loop was held, so it was changed off the loop: {before[at]}, then {after[at]}.";
        }

        return null;
    }
}
