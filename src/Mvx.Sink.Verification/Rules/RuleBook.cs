namespace Mvx.Sink.Verification;

/// <summary>Which check belongs to which rule. A check returns what it did, or throws a violation or a skip.</summary>
internal sealed class RuleBook<TSink, TEvent>
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    private readonly Dictionary<string, Func<string>> _checks = new(StringComparer.Ordinal);

    public RuleBook(VerificationSession<TSink, TEvent> session)
    {
        var lifecycle = new LifecycleChecks<TSink, TEvent>(session);
        Add("K01", lifecycle.Starts);
        Add("K02", lifecycle.StopCompletes);
        Add("K03", lifecycle.StopFlushes);
        Add("K04", lifecycle.NothingArrivesLate);
        Add("K05", lifecycle.Restarts);
        Add("K06", lifecycle.OrderAcrossRestarts);
        var closing = new ClosingChecks<TSink, TEvent>(session);
        Add("K07", closing.TerminatesOnce);
        Add("K08", closing.DisposesTwice);
        Add("K09", closing.ClosedRefuses);
        var delivery = new DeliveryChecks<TSink, TEvent>(session);
        Add("K10", delivery.NothingLost);
        Add("K11", delivery.NothingTwice);
        Add("K12", delivery.OrderKept);
        Add("K13", delivery.ContentUnchanged);
        Add("K14", delivery.EventsUnchanged);
        Add("K15", delivery.ConcurrentProducers);
        Add("K16", delivery.FlushReachesBackend);
        Add("K17", new FlushChecks<TSink, TEvent>(session).AlwaysEnds);
        Add("K18", new NeighbourChecks<TSink, TEvent>(session).LeaveEachOtherAlone);
        var log = new LogChecks<TSink, TEvent>(session);
        Add("K20", log.DoesNotWait);
        Add("K21", log.RefusesHonestly);
        Add("K22", log.LimitIsExact);
        Add("K23", log.BooksBalance);
        var failure = new FailureChecks<TSink, TEvent>(session);
        Add("K30", failure.NotHushedUp);
        Add("K31", failure.DoesNotHang);
        Add("K32", failure.KeepsBooks);
        Add("K33", new RecoveryChecks<TSink, TEvent>(session).PassingFault);
        Add("K36", failure.NewSinkWorks);
        Add("K37", failure.UndeliveredAreTaken);
        var start = new FailingStartChecks<TSink, TEvent>(session);
        Add("K34", start.IsFailure);
        Add("K35", start.LeavesNothing);
        var resources = new ResourceChecks<TSink, TEvent>(session);
        Add("K40", resources.Threads);
        Add("K41", resources.Handles);
        Add("K42", resources.Sockets);
        Add("K43", resources.TimersAndTasks);
        Add("K44", resources.Terminated);
        Add("K45", resources.Failed);
        var cancellation = new CancellationChecks<TSink, TEvent>(session);
        Add("K50", cancellation.IsHonoured);
        Add("K51", cancellation.StuckOnlyDelays);
        Add("K60", new AffinityChecks<TSink, TEvent>(session).OnLoopOnly);
        var descriptors = new DescriptorChecks<TSink, TEvent>(session);
        Add("K70", descriptors.Stable);
        Add("K71", descriptors.TellsConflicts);
        Add("K72", descriptors.NoSideEffects);
        Add("K73", descriptors.Registry);
        var programs = new ProgramChecks<TSink, TEvent>(session);
        Add("K80", programs.Sequential);
        Add("K81", programs.Parallel);
        Add("K82", programs.Scheduled);
    }

    public Func<string> CheckOf(KitRule rule) => _checks[rule.Id];

    private void Add(string id, Func<string> check) => _checks.Add(id, check);
}
