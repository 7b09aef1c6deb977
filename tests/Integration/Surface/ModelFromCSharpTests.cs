using System.Reflection;

namespace Mvx.Sink.Integration.Surface;

/// <summary>Uses every public member of the model from C#; one that is not used here fails the last line.</summary>
public sealed class ModelFromCSharpTests
{
    private static readonly string[] _generated = ["Equals", "GetHashCode", "CompareTo", "ToString"];

    private readonly HashSet<string> _touched = [];

    [Fact]
    public void P2_Every_public_member_of_the_model_is_pleasant_from_CSharp()
    {
        Enums();
        LedgerAndCodes();
        LifecycleParts();
        Gates();
        Losses();
        WholeModel();
        TheInvariants();

        string[] members =
        [
            .. PublicSurface.TypesOf(typeof(SinkState).Assembly).Where(static type => !type.IsEnum).SelectMany(static type => PublicSurface.MembersOf(type)
                .Where(static member => member is not ConstructorInfo && !member.Name.StartsWith("op_", StringComparison.Ordinal) && !_generated.Contains(member.Name))
                .Select(member => $"{type.Name}.{member.Name}")).Distinct(),
        ];
        Assert.Empty(members.Except(_touched));
        Assert.Empty(_touched.Except(members));
    }

    [Fact]
    public void P2_The_default_of_every_struct_of_the_model_is_harmless()
    {
        foreach (Type type in PublicSurface.TypesOf(typeof(SinkState).Assembly).Where(static type => type is { IsValueType: true, IsEnum: false }))
        {
            object value = Activator.CreateInstance(type)!;
            Assert.NotNull(value.ToString());
            Assert.Equal(value, Activator.CreateInstance(type));
            Assert.Equal(value.GetHashCode(), Activator.CreateInstance(type)!.GetHashCode());
            foreach (PropertyInfo property in type.GetProperties())
                _ = property.GetValue(value);
        }
    }

    private void Enums()
    {
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], Enum.GetValues<SinkState>().Select(static v => (int)v));
        Assert.Equal([SinkState.Virgin, SinkState.Starting, SinkState.Running, SinkState.Stopping, SinkState.Stopped, SinkState.Failure, SinkState.Cancelled], Enum.GetValues<SinkState>());
        Assert.Equal([SinkOperation.Start, SinkOperation.Stop], Enum.GetValues<SinkOperation>());
        Assert.Equal([QueueOverflowPolicy.RaiseError, QueueOverflowPolicy.Drop, QueueOverflowPolicy.DropOldest, QueueOverflowPolicy.Wait], Enum.GetValues<QueueOverflowPolicy>());
        Assert.Equal([LogOutcome.Accepted, LogOutcome.Dropped, LogOutcome.QueueFull, LogOutcome.InvalidState], Enum.GetValues<LogOutcome>());
        Assert.Equal(Enumerable.Range(0, 11), Enum.GetValues<LifecyclePhase>().Select(static v => (int)v));
        Assert.Equal(Enumerable.Range(0, 16), Enum.GetValues<LifecycleInput>().Select(static v => (int)v));
        Assert.Equal(Enumerable.Range(0, 5), Enum.GetValues<LifecycleVerdict>().Select(static v => (int)v));
        Assert.Equal(Enumerable.Range(0, 7), Enum.GetValues<AdmissionVerdict>().Select(static v => (int)v));
        Assert.Equal(Enumerable.Range(1, 7), Enum.GetValues<SinkErrorReason>().Select(static v => (int)v));
        Assert.Equal("ComeToRest", LifecycleEffects.ComeToRest.ToString());
        Assert.All(Enum.GetValues<LifecycleEffects>().Skip(1), static v => Assert.Equal(0, (int)v & ((int)v - 1)));
    }

    private void LedgerAndCodes()
    {
        Touch(nameof(SinkErrorReasons), nameof(SinkErrorReasons.Code), "NONE", SinkErrorReasons.Code(0));
        var ledger = new SinkLedger(10, 2, 3, 4, 1, 2);
        Touch(nameof(SinkLedger), nameof(SinkLedger.Offered), 15L, ledger.Offered);
        Touch(nameof(SinkLedger), nameof(SinkLedger.Accepted), 10L, ledger.Accepted);
        Touch(nameof(SinkLedger), nameof(SinkLedger.Dropped), 2L, ledger.Dropped);
        Touch(nameof(SinkLedger), nameof(SinkLedger.Rejected), 3L, ledger.Rejected);
        Touch(nameof(SinkLedger), nameof(SinkLedger.Delivered), 4L, ledger.Delivered);
        Touch(nameof(SinkLedger), nameof(SinkLedger.Failed), 1L, ledger.Failed);
        Touch(nameof(SinkLedger), nameof(SinkLedger.Undelivered), 2L, ledger.Undelivered);
        Touch(nameof(SinkLedger), nameof(SinkLedger.Pending), 3L, ledger.Pending);
        Assert.Equal("offered 15, accepted 10, dropped 2, rejected 3, delivered 4, failed 1, undelivered 2, pending 3", ledger.ToString());
        Touch(nameof(ExpectedStates), nameof(ExpectedStates.ForLog), [SinkState.Virgin, SinkState.Starting, SinkState.Running], ExpectedStates.ForLog);
        Touch(nameof(ExpectedStates), nameof(ExpectedStates.For), [SinkState.Virgin, SinkState.Stopped], ExpectedStates.For(SinkOperation.Start));
        Assert.Equal([SinkState.Running], ExpectedStates.For(SinkOperation.Stop));
    }

    private void LifecycleParts()
    {
        var model = new LifecycleModel(SinkState.Running, LifecyclePhase.Dispatching, closed: false);
        Touch(nameof(LifecycleModel), nameof(LifecycleModel.Code), 0x22L, model.Code);
        Touch(nameof(LifecycleModel), nameof(LifecycleModel.State), SinkState.Running, model.State);
        Touch(nameof(LifecycleModel), nameof(LifecycleModel.Phase), LifecyclePhase.Dispatching, model.Phase);
        Touch(nameof(LifecycleModel), nameof(LifecycleModel.Closed), false, model.Closed);
        Touch(nameof(LifecycleModel), nameof(LifecycleModel.AsClosed), new LifecycleModel(0x2A), model.AsClosed);
        Assert.Equal("Running/Dispatching", model.ToString());
        LifecycleStep step = Lifecycle.Step(model, LifecycleInput.Stop);
        Touch(nameof(Lifecycle), nameof(Lifecycle.Step), new LifecycleStep(new LifecycleModel(SinkState.Stopping, LifecyclePhase.Draining, false), LifecycleEffects.Drain, LifecycleVerdict.Begun, 0), step);
        Touch(nameof(LifecycleStep), nameof(LifecycleStep.Next), SinkState.Stopping, step.Next.State);
        Touch(nameof(LifecycleStep), nameof(LifecycleStep.Effects), LifecycleEffects.Drain, step.Effects);
        Touch(nameof(LifecycleStep), nameof(LifecycleStep.Verdict), LifecycleVerdict.Begun, step.Verdict);
        Touch(nameof(LifecycleStep), nameof(LifecycleStep.Reason), 0, (int)step.Reason);
        Touch(nameof(LifecycleStep), nameof(LifecycleStep.Has), true, step.Has(LifecycleEffects.Drain));
        Touch(nameof(Lifecycle), nameof(Lifecycle.OfDispatchFault), LifecycleInput.DispatchCancelled, Lifecycle.OfDispatchFault(isCancellation: true, wrapsTimeout: false));
    }

    private void Gates()
    {
        var gate = new Gate(new LifecycleModel(SinkState.Running, LifecyclePhase.Dispatching, closed: false), 5);
        Touch(nameof(Gate), nameof(Gate.Word), (5L << 8) | 0x22, gate.Word);
        Touch(nameof(Gate), nameof(Gate.Accepted), 5L, gate.Accepted);
        Touch(nameof(Gate), nameof(Gate.Lifecycle), new LifecycleModel(0x22), gate.Lifecycle);
        Touch(nameof(Gate), nameof(Gate.State), SinkState.Running, gate.State);
        Touch(nameof(Gate), nameof(Gate.Accepts), true, gate.Accepts);
        Touch(nameof(Gate), nameof(Gate.With), SinkState.Virgin, gate.With(default).State);
        Touch(nameof(Gate), nameof(Gate.PlusOne), 6L, gate.PlusOne.Accepted);
        AdmissionDecision decision = Admission.Offer(gate, 0, 6, QueueOverflowPolicy.Drop);
        Touch(nameof(Admission), nameof(Admission.Offer), new AdmissionDecision(gate.PlusOne, AdmissionVerdict.Accept), decision);
        Touch(nameof(Admission), nameof(Admission.AtLimit), AdmissionVerdict.Drop, Admission.AtLimit(QueueOverflowPolicy.Drop));
        Touch(nameof(Admission), nameof(Admission.IsAtLimit), true, Admission.IsAtLimit(gate, 0, 5));
        Touch(nameof(Admission), nameof(Admission.Admits), true, Admission.Admits(gate, 0, 6));
        Touch(nameof(AdmissionDecision), nameof(AdmissionDecision.Next), gate.PlusOne, decision.Next);
        Touch(nameof(AdmissionDecision), nameof(AdmissionDecision.Verdict), AdmissionVerdict.Accept, decision.Verdict);
        Touch(nameof(AdmissionDecision), nameof(AdmissionDecision.IsAccepted), true, decision.IsAccepted);
        Touch(nameof(Admission), nameof(Admission.MakeRoom), new AdmissionDecision(gate.PlusOne, AdmissionVerdict.MakeRoom), Admission.MakeRoom(gate, 4));
        Touch(nameof(Admission), nameof(Admission.WithoutWaiting), AdmissionVerdict.Overflow, Admission.WithoutWaiting(AdmissionVerdict.Wait));
        Touch(nameof(Admission), nameof(Admission.Limit), 4L, Admission.Limit(6, 2, mayUseReserve: false));
        Touch(nameof(Admission), nameof(Admission.Outcome), LogOutcome.QueueFull, Admission.Outcome(AdmissionVerdict.Overflow));
    }

    private void Losses()
    {
        LossLog log = LossLog.Empty.Note(5, 2, 3);
        Touch(nameof(LossLog), nameof(LossLog.Empty), true, LossLog.Empty.IsEmpty);
        Touch(nameof(LossLog), nameof(LossLog.IsEmpty), false, log.IsEmpty);
        Touch(nameof(LossLog), nameof(LossLog.Note), 2L, log.Total);
        Touch(nameof(LossLog), nameof(LossLog.Total), 2L, log.Total);
        Touch(nameof(LossLog), nameof(LossLog.Gaps), 1, log.Gaps);
        Touch(nameof(LossLog), nameof(LossLog.Due), 2L, log.Due(5));
        Touch(nameof(LossLog), nameof(LossLog.After), 0, log.After(5).Gaps);
        Assert.Equal("2 before 5", log.ToString());
    }

    private void WholeModel()
    {
        var sink = new SinkModel(2, QueueOverflowPolicy.Drop);
        Touch(nameof(SinkModel), nameof(SinkModel.Lifecycle), default(LifecycleModel), sink.Lifecycle);
        Touch(nameof(SinkModel), nameof(SinkModel.Ledger), default(SinkLedger), sink.Ledger);
        Touch(nameof(SinkModel), nameof(SinkModel.Limit), 2L, sink.Limit);
        Touch(nameof(SinkModel), nameof(SinkModel.Policy), QueueOverflowPolicy.Drop, sink.Policy);
        Touch(nameof(SinkModel), nameof(SinkModel.Verdict), AdmissionVerdict.AcceptAndStart, sink.Verdict);
        SinkModel starting = sink.Offer();
        Touch(nameof(SinkModel), nameof(SinkModel.Offer), SinkState.Starting, starting.Lifecycle.State);
        Touch(nameof(SinkModel), nameof(SinkModel.CanHappen), true, starting.CanHappen(LifecycleInput.StartingHookSucceeded));
        Touch(nameof(SinkModel), nameof(SinkModel.StepOf), SinkState.Running, starting.StepOf(LifecycleInput.StartingHookSucceeded).Next.State);
        SinkModel running = starting.Apply(LifecycleInput.StartingHookSucceeded);
        Touch(nameof(SinkModel), nameof(SinkModel.Apply), SinkState.Running, running.Lifecycle.State);
        Touch(nameof(SinkModel), nameof(SinkModel.CanDispatch), true, running.CanDispatch);
        Touch(nameof(SinkModel), nameof(SinkModel.InDispatch), 1L, running.InDispatch);
        Touch(nameof(SinkModel), nameof(SinkModel.GiveUpWaiting), 1L, running.GiveUpWaiting().Ledger.Rejected);
        Touch(nameof(SinkModel), nameof(SinkModel.DispatchSucceeded), 1L, running.DispatchSucceeded().Ledger.Delivered);
        Assert.Equal(running, new SinkModel(running.Lifecycle, running.Ledger, 2, QueueOverflowPolicy.Drop));
        Assert.StartsWith("Running/Dispatching; offered 1", running.ToString(), StringComparison.Ordinal);
    }

    private void TheInvariants()
    {
        LifecycleStep step = Lifecycle.Step(default, LifecycleInput.Start);
        Touch(nameof(Invariants), nameof(Invariants.LedgerHolds), false, Invariants.LedgerHolds(new SinkLedger(3, 0, 0, 0, 0, 0), 2));
        Touch(nameof(Invariants), nameof(Invariants.LedgerGrows), false, Invariants.LedgerGrows(new SinkLedger(3, 0, 0, 0, 0, 0), default));
        Touch(nameof(Invariants), nameof(Invariants.LifecycleHolds), true, Invariants.LifecycleHolds(step.Next));
        Touch(nameof(Invariants), nameof(Invariants.IsAtRest), true, Invariants.IsAtRest(default));
        Touch(nameof(Invariants), nameof(Invariants.IsTerminal), true, Invariants.IsTerminal(SinkState.Failure));
        Touch(nameof(Invariants), nameof(Invariants.StepHolds), true, Invariants.StepHolds(default, step));
        Touch(nameof(Invariants), nameof(Invariants.RestHolds), false, Invariants.RestHolds(default, new SinkLedger(1, 0, 0, 0, 0, 0)));
    }

    private void Touch<T>(string type, string member, T expected, T actual)
    {
        Assert.Equal(expected, actual);
        _touched.Add($"{type}.{member}");
    }
}
