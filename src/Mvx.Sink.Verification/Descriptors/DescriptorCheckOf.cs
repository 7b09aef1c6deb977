using System.Globalization;
using System.Reflection;

namespace Mvx.Sink.Verification;

/// <inheritdoc/>
internal sealed class DescriptorCheck<TSink, TConfig>(
    Func<TConfig> config,
    IReadOnlyList<Func<TConfig>> conflicting,
    IReadOnlyList<string> ignored,
    Func<object?>? observe,
    bool creates) : DescriptorCheck
    where TSink : ISinkLifecycle, IDescribedSink<TSink, TConfig>
    where TConfig : notnull
{
    internal override string Stable()
    {
        TConfig same = config();
        long started = TimeProvider.System.GetTimestamp();
        SinkDescriptor first = TSink.BuildDescriptor(same);
        Demand(first, TSink.BuildDescriptor(same), "built twice from the same configuration");
        Demand(first, TSink.BuildDescriptor(config()), "built from an equal configuration");
        SinkDescriptor? elsewhere = null;
        Patience.TryRun(() => elsewhere = TSink.BuildDescriptor(config()), TimeSpan.FromSeconds(10));
        Demand(first, elsewhere, "built on another thread");
        Demand(first, UnderAnotherCulture(), "built under another culture (decimal comma, dotted dates)");
        // A second later: a descriptor with the time in it may show whole seconds only.
        Patience.Pass(TimeSpan.FromMilliseconds(1050) - TimeProvider.System.GetElapsedTime(started));
        Demand(first, TSink.BuildDescriptor(same), "built again a second later");
        if (!first.Equals(first with { }) || first.GetHashCode() != TSink.BuildDescriptor(same).GetHashCode())
            throw new RuleViolation($"The descriptor {first} is not equal to its own copy.");
        return "equal now, later, and on another thread";
    }

    private SinkDescriptor UnderAnotherCulture()
    {
        TConfig same = config();
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = OddCulture.Make();
        try
        {
            return TSink.BuildDescriptor(same);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    internal override string TellsConflicts()
    {
        TConfig original = config();
        SinkDescriptor descriptor = TSink.BuildDescriptor(original);
        int checkedOnes = 0;
        for (int i = 0; i < conflicting.Count; i++)
        {
            TConfig other = conflicting[i]();
            if (descriptor.Equals(TSink.BuildDescriptor(other)))
                throw new RuleViolation($"Conflicting configuration number {i + 1}, {EventSnapshot.Of(other)}, has the same descriptor as {EventSnapshot.Of(original)}: {descriptor}");
            checkedOnes++;
        }

        string? choosy = null;
        foreach ((string member, string change, TConfig varied) in ConfigVariation.Of(config))
        {
            // A member that takes certain words only may well take them in any case.
            if (IsIgnored(member) || member == choosy)
                continue;
            if (TryBuild(varied) is not { } other)
            {
                choosy = member;
                continue;
            }

            if (descriptor.Equals(other))
                throw new RuleViolation($"The descriptor does not tell {typeof(TConfig).Name}.{member} apart: it is {descriptor} for {change}. If that makes no difference to the sink, name {member} among the ignored members of the check.");
            checkedOnes++;
        }

        return checkedOnes == 0
            ? throw new RuleSkip($"there is no conflicting configuration: give some to DescriptorCheck.Of, or make {typeof(TConfig).Name} a record, so that the kit can vary it")
            : $"{checkedOnes} conflicting configurations";
    }

    internal override string NoSideEffects()
    {
        TConfig same = config();
        TSink.BuildDescriptor(same); // what is made lazily, once, is no side effect
        string configBefore = EventSnapshot.Of(same);
        string worldBefore = World(same);
        ResourceCount before = ResourceCount.Now();
        const int times = 20;
        for (int i = 0; i < times; i++)
            TSink.BuildDescriptor(same);
        ResourceCount after = ResourceCount.Now();
        if (EventSnapshot.Of(same) is { } configAfter && !string.Equals(configBefore, configAfter, StringComparison.Ordinal))
            throw new RuleViolation($"BuildDescriptor changed the configuration from {configBefore} to {configAfter}.");
        if (World(same) is { } worldAfter && !string.Equals(worldBefore, worldAfter, StringComparison.Ordinal))
            throw new RuleViolation($"BuildDescriptor had a side effect. Before: {worldBefore} After: {worldAfter}");
        foreach (ResourceKind kind in new[] { ResourceKind.Threads, ResourceKind.Handles, ResourceKind.Sockets, ResourceKind.Timers })
        {
            if (after.Of(kind) - before.Of(kind) >= times / 2)
                throw new RuleViolation($"BuildDescriptor takes resources: {new LeakFinding(kind, times, before.Of(kind), after.Of(kind)).Description}");
        }

        // A file that is made the first time only: looked for with a configuration that nobody has described yet.
        // The mark is new because other rules have described variations, too.
        foreach ((string member, _, TConfig varied) in ConfigVariation.Of(config, $"x{Guid.NewGuid():N}"))
        {
            string variedBefore = PathWatch.Around(varied);
            if (TryBuild(varied) is not null && PathWatch.Around(varied) is { } variedAfter && !string.Equals(variedBefore, variedAfter, StringComparison.Ordinal))
                throw new RuleViolation($"BuildDescriptor, with another {member}, changed files. Before: {variedBefore} After: {variedAfter}");
        }

        return $"{times} descriptors";
    }

    internal override string Registry(TimeSpan bound)
    {
        if (!creates)
            throw new RuleSkip("the check says that no sink can be created from the configuration");
        string outcome = "one instance";
        if (!Patience.TryRun(() => outcome = UseRegistry(), bound))
            throw new RuleViolation($"Configuring and closing the sink in a registry did not return within {bound.TotalSeconds:0.#} s.");
        return outcome;
    }

    private string UseRegistry()
    {
        using var registry = new SinkRegistry();
        TSink first = registry.Configure<TSink, TConfig>("verified", config());
        if (!ReferenceEquals(first, registry.Configure<TSink, TConfig>("verified", config())))
            throw new RuleViolation("The registry gave two sinks for one name and equal configurations.");
        if (first.State != SinkState.Running)
            throw new RuleViolation($"The registry gave a sink that is {first.State}, not Running.");
        foreach (Func<TConfig> conflict in conflicting)
        {
            try
            {
                registry.Configure<TSink, TConfig>("verified", conflict());
                throw new RuleViolation($"The registry did not notice the conflict with {EventSnapshot.Of(conflict())}.");
            }
            catch (SinkConfigurationConflictException)
            {
                // As it should be.
            }
        }

        try
        {
            registry.Reset();
        }
        catch (SinkCloseException error)
        {
            throw new RuleViolation($"Closing the registry failed: {error.Message}");
        }

        TSink again = registry.Configure<TSink, TConfig>("verified", config());
        if (ReferenceEquals(again, first))
            throw new RuleViolation("After the registry was reset it gave the sink that had been closed.");
        if (again.State != SinkState.Running)
            throw new RuleViolation($"After the registry was reset it gave a sink that is {again.State}, not Running.");
        if (!registry.Close("verified"))
            throw new RuleViolation("The registry does not know the sink that it gave.");
        return $"one instance, {conflicting.Count} conflicts, and a new one after the reset";
    }

    /// <summary>By its own name or that of the part it is in.</summary>
    private bool IsIgnored(string member) =>
        ignored.Any(name => string.Equals(member, name, StringComparison.Ordinal) || member.StartsWith(name + ".", StringComparison.Ordinal));

    private static SinkDescriptor? TryBuild(TConfig varied)
    {
        try
        {
            return TSink.BuildDescriptor(varied);
        }
        catch (Exception)
        {
            return null; // the varied value is one that the sink refuses
        }
    }

    private string World(TConfig same)
    {
        const BindingFlags flags = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        IEnumerable<string> statics = new[] { typeof(TSink), typeof(TConfig) }
            .Where(static type => !type.ContainsGenericParameters)
            .SelectMany(static type => type.GetFields(flags))
            .Where(static field => !field.IsLiteral && !field.IsDefined(typeof(ThreadStaticAttribute)) && !field.Name.StartsWith('<') && Watched(field.FieldType))
            .Select(static field => $"{field.Name} = {EventSnapshot.Of(field.GetValue(null))}");
        return string.Join("; ", [.. statics, PathWatch.Around(same), EventSnapshot.Of(observe?.Invoke())]);
    }

    private static bool Watched(Type type) => type.IsPrimitive || type == typeof(string) || typeof(System.Collections.ICollection).IsAssignableFrom(type);

    private static void Demand(SinkDescriptor first, SinkDescriptor? other, string how)
    {
        if (!first.Equals(other))
            throw new RuleViolation($"A descriptor {how} differs: {first} and {other?.ToString() ?? "null"}.");
    }
}
