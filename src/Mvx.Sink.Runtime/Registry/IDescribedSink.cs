namespace Mvx.Sink.Runtime;

/// <summary>A sink that a registry can describe before creating it.</summary>
/// <typeparam name="TSelf">The sink's own type.</typeparam>
/// <typeparam name="TConfig">Its configuration.</typeparam>
public interface IDescribedSink<TSelf, TConfig>
    where TSelf : ISinkLifecycle, IDescribedSink<TSelf, TConfig>
{
    /// <summary>Describes the sink that a configuration would create. Pure: it touches no resource. Any thread.</summary>
    /// <param name="config">The configuration.</param>
    /// <returns>The descriptor: equal for equal configurations, different for conflicting ones.</returns>
    static abstract SinkDescriptor BuildDescriptor(TConfig config);

    /// <summary>Constructs the sink. Runs on the sink's loop thread.</summary>
    /// <param name="config">The configuration.</param>
    /// <returns>The new sink.</returns>
    static abstract TSelf Construct(TConfig config);

    /// <summary>Creates the running sink on a thread of its own; see <see cref="SinkRuntime.Create{TSink}"/>. Blocks until it runs.</summary>
    /// <param name="config">The configuration.</param>
    /// <returns>The sink and its terminator.</returns>
    static virtual ManagedSink<TSelf> Create(TConfig config) => SinkRuntime.Create(() => TSelf.Construct(config));
}
