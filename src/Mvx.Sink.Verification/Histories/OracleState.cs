namespace Mvx.Sink.Verification;

/// <summary>
/// The model's sink while a history is explained: the model itself, how many starts and stops have completed and which of them successfully (bit by bit), whether
/// the backend was ever broken, whether somebody is closing the sink, and how many logged events may come
/// to the queue at any time, where it is not known when the sink takes them.
/// </summary>
internal readonly record struct OracleState(SinkModel Model, int Starts, ulong StartsSucceeded, int Stops, ulong StopsSucceeded, bool Faults, bool Closing, int Hidden)
{
    /// <summary>What can happen without a caller: hooks and dispatches end.</summary>
    public IEnumerable<OracleState> InternalSteps()
    {
        if (Model.CanDispatch)
            yield return this with { Model = Model.DispatchSucceeded() };
        foreach (LifecycleInput input in _healthy)
        {
            if (Model.CanHappen(input))
                yield return After(input);
        }

        if (Faults)
        {
            foreach (LifecycleInput input in _faulty)
            {
                if (Model.CanHappen(input))
                    yield return After(input);
            }
        }

        if (Hidden > 0 && Model.Verdict is (AdmissionVerdict.Accept or AdmissionVerdict.AcceptAndStart))
            yield return this with { Model = Model.Offer(), Hidden = Hidden - 1 };
        if (!Closing)
            yield break;
        if (Model.StepOf(LifecycleInput.Stop).Verdict == LifecycleVerdict.Begun)
            yield return After(LifecycleInput.Stop);
        if (!Model.Lifecycle.Closed && Model.StepOf(LifecycleInput.Close).Verdict == LifecycleVerdict.Taken)
            yield return After(LifecycleInput.Close);
    }

    /// <summary>The state after an input, with the handles counted that the step completes.</summary>
    public OracleState After(LifecycleInput input)
    {
        LifecycleStep step = Model.StepOf(input);
        OracleState next = this with { Model = Model.Apply(input) };
        if (step.Has(LifecycleEffects.CompleteStart))
            next = next with { Starts = Starts + 1, StartsSucceeded = StartsSucceeded | (step.Next.State == SinkState.Running ? 1UL << Starts : 0) };
        if (step.Has(LifecycleEffects.CompleteStop))
            next = next with { Stops = Stops + 1, StopsSucceeded = StopsSucceeded | (step.Next.State == SinkState.Stopped ? 1UL << Stops : 0) };
        return next;
    }

    private static readonly LifecycleInput[] _healthy =
    [
        LifecycleInput.StartingHookSucceeded, LifecycleInput.Drained, LifecycleInput.StoppedHookSucceeded, LifecycleInput.HandedOver,
    ];

    private static readonly LifecycleInput[] _faulty =
    [
        LifecycleInput.StartingHookFailed, LifecycleInput.DispatchFailed, LifecycleInput.DispatchCancelled, LifecycleInput.StoppedHookFailed,
    ];
}
