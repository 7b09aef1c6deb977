namespace Mvx.Sink.Verification;

/// <summary>
/// Finds out whether a sink's dispatch ends only when the backend has the event: on a backend that is stuck, nothing counts as delivered then. Such a sink's books
/// can be compared with its backend although it does not declare WriteThrough; so can those of a sink that calls ReportDelivered.
/// </summary>
internal static class StallProbe
{
    /// <summary>For a sink that gathers events this is long enough to count the first as delivered.</summary>
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(60);

    public static bool AwaitsBackend<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
        where TSink : class, ISinkLifecycle
        where TEvent : notnull
    {
        if (session.Can(SinkCapabilities.WriteThrough))
            return true;
        if (!session.Can(SinkCapabilities.Batches) && CodeSigns.Of(FieldWatch.OwnTypes(typeof(TSink))).ReportsDeliveries)
            return true; // it says itself what is in the backend, and is taken at its word
        if (!session.Can(SinkCapabilities.Stall) || session.Can(SinkCapabilities.Batches) || session.Can(SinkCapabilities.OwnThreads))
            return false;
        try
        {
            using var stage = new SinkStage<TSink, TEvent>(session);
            stage.Start();
            stage.Stall();
            stage.Log(3);
            stage.LetDispatchBegin();
            return !Patience.Until(() => stage.Sink.Ledger is { Pending: < 3 }, (_look * session.Stretch) + (session.Traits.PerEvent * 4));
        }
        catch (RuleViolation)
        {
            return false; // the rules say what is wrong
        }
    }
}
