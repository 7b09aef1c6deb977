namespace Mvx.Sink.Model

/// <summary>What a step answers to the caller of <c>Start</c> or <c>Stop</c>; every other input is merely taken or ignored.</summary>
type LifecycleVerdict =
    /// <summary>The input was expected and has been taken.</summary>
    | Taken = 0
    /// <summary>The caller's operation has begun.</summary>
    | Begun = 1
    /// <summary>The same operation is in progress; the caller shares its result.</summary>
    | Joined = 2
    /// <summary>The operation is refused for the step's reason; nothing has changed.</summary>
    | Refused = 3
    /// <summary>The input answers nothing that was asked; nothing has changed. The shell never sends such a one.</summary>
    | Ignored = 4

/// <summary>The outcome of one step of the lifecycle.</summary>
/// <param name="next">The lifecycle after the step.</param>
/// <param name="effects">What the shell must carry out.</param>
/// <param name="verdict">The answer to the caller.</param>
/// <param name="reason">The reason of a refusal or of the error to record; 0 where there is none.</param>
[<Struct>]
type LifecycleStep(next: LifecycleModel, effects: LifecycleEffects, verdict: LifecycleVerdict, reason: SinkErrorReason) =

    /// <summary>The lifecycle after the step.</summary>
    member _.Next: LifecycleModel = next
    /// <summary>What the shell must carry out, in the order of the bits.</summary>
    member _.Effects: LifecycleEffects = effects
    /// <summary>The answer to the caller.</summary>
    member _.Verdict: LifecycleVerdict = verdict
    /// <summary>The reason of a refusal or of the error to record; 0 where there is none.</summary>
    member _.Reason: SinkErrorReason = reason

    /// <summary>Whether the shell must carry out the given effect.</summary>
    /// <param name="effect">One effect.</param>
    /// <returns>True when it is among this step's effects.</returns>
    member _.Has(effect: LifecycleEffects) : bool =
        effects &&& effect <> LifecycleEffects.None

    /// <summary>Verdict, next lifecycle and effects, for a counterexample.</summary>
    override _.ToString() : string =
        $"{verdict} -> {next.ToString()} [{effects}]"
        + (if int reason = 0 then
               ""
           else
               $" ({SinkErrorReasons.Code reason})")
