namespace Mvx.Sink.Verification;

/// <summary>What to check about the descriptors of a sink; made by <see cref="Of{TSink,TConfig}"/>.</summary>
public abstract class DescriptorCheck
{
    private protected DescriptorCheck()
    {
    }

    /// <summary>Checks the descriptors of a sink that a registry can describe.</summary>
    /// <typeparam name="TSink">The sink's class.</typeparam>
    /// <typeparam name="TConfig">Its configuration.</typeparam>
    /// <param name="config">Makes a configuration: a new, equal one each time it is called. A sink can be created from it.</param>
    /// <param name="conflicting">
    /// Makes configurations that conflict with it. Besides these, each public settable member of a simple type is varied where a copy can be made (records), those of records in it too.
    /// </param>
    /// <param name="ignored">Members of the configuration that make no difference to the sink, so that the descriptor leaves them out. <c>Login</c> means all of a part, <c>Login.User</c> one member of it.</param>
    /// <param name="observe">Says what the world looks like, for instance how many connections the backend has; it must not change by building descriptors.</param>
    /// <param name="creates">False where no sink can be created from the configuration in a test.</param>
    /// <returns>The check.</returns>
    public static DescriptorCheck Of<TSink, TConfig>(
        Func<TConfig> config,
        IEnumerable<Func<TConfig>>? conflicting = null,
        IEnumerable<string>? ignored = null,
        Func<object?>? observe = null,
        bool creates = true)
        where TSink : ISinkLifecycle, IDescribedSink<TSink, TConfig>
        where TConfig : notnull
    {
        ArgumentNullException.ThrowIfNull(config);
        return new DescriptorCheck<TSink, TConfig>(config, [.. conflicting ?? []], [.. ignored ?? []], observe, creates);
    }

    internal abstract string Stable();

    internal abstract string TellsConflicts();

    internal abstract string NoSideEffects();

    internal abstract string Registry(TimeSpan bound);
}
