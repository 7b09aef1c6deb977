namespace Mvx.Sink.Verification;

/// <summary>Rules K70 to K73: how a sink describes itself to a registry.</summary>
internal sealed class DescriptorChecks<TSink, TEvent>(VerificationSession<TSink, TEvent> session)
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    public string Stable() => All(static check => check.Stable());

    public string TellsConflicts() => All(static check => check.TellsConflicts());

    public string NoSideEffects() => All(static check => check.NoSideEffects());

    public string Registry() => All(check =>
    {
        session.Specification.ResetBackend();
        return check.Registry(session.Bound(0));
    });

    private string All(Func<DescriptorCheck, string> perform)
    {
        DescriptorCheck[] checks = [.. session.Specification.Descriptors()];
        if (checks.Length > 0)
            return string.Join("; ", checks.Select(check => Bounded(() => perform(check))));
        bool described = Array.Exists(typeof(TSink).GetInterfaces(), static type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDescribedSink<,>));
        throw new RuleSkip(described ? "override Descriptors to give a configuration" : $"{typeof(TSink).Name} is not an IDescribedSink");
    }

    private string Bounded(Func<string> perform)
    {
        string outcome = "";
        TimeSpan bound = session.Bound(0) + (session.Budget * 4);
        return Patience.TryRun(() => outcome = perform(), bound)
            ? outcome
            : throw new RuleViolation($"BuildDescriptor, or making a configuration, did not return within {bound.TotalSeconds:0.#} s.");
    }
}
