using Microsoft.Extensions.DependencyInjection;

namespace Mvx.Sink.Extensions.Hosting;

/// <summary>Adds sinks to a host. Each is created once, and is had by its name: as a keyed service, or from the <see cref="SinkRegistry"/>.</summary>
public sealed class MvxSinksBuilder
{
    internal MvxSinksBuilder(IServiceCollection services, SinkRegistrations registrations)
    {
        Services = services;
        Registrations = registrations;
    }

    /// <summary>The services.</summary>
    public IServiceCollection Services { get; }

    internal SinkRegistrations Registrations { get; }

    /// <summary>Has the sinks time their dispatches from the beginning, for the health check.</summary>
    internal void TimeDispatches() => Registrations.TimesDispatches = true;

    /// <summary>Adds a described sink, configured by the section of its name, by code, or by both. The same sink again adds to its configuration.</summary>
    /// <typeparam name="TSink">The type of the sink.</typeparam>
    /// <typeparam name="TConfig">Its configuration.</typeparam>
    /// <param name="name">The sink's name, and its section's.</param>
    /// <param name="configure">Makes the configuration out of what the section gave, which is null when there is no section. Null: the section alone.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">The name is malformed.</exception>
    /// <exception cref="InvalidOperationException">Another sink of that name has been added.</exception>
    public MvxSinksBuilder AddSink<TSink, TConfig>(string name, Func<TConfig?, TConfig>? configure = null)
        where TSink : class, ISinkLifecycle, IDescribedSink<TSink, TConfig>
        where TConfig : class =>
        Add<TSink, TConfig>(name, configure, static name => new DescribedSinkRegistration<TSink, TConfig>(name));

    /// <summary>Adds a sink that needs both services and a configuration.</summary>
    /// <typeparam name="TSink">The type of the sink.</typeparam>
    /// <typeparam name="TConfig">Its configuration.</typeparam>
    /// <param name="name">The sink's name, and its section's.</param>
    /// <param name="construct">Constructs it, on its own loop thread.</param>
    /// <param name="configure">Makes the configuration out of what the section gave, which is null when there is no section. Null: the section alone.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException">The factory is null.</exception>
    /// <exception cref="ArgumentException">The name is malformed.</exception>
    /// <exception cref="InvalidOperationException">Another sink of that name has been added.</exception>
    public MvxSinksBuilder AddSink<TSink, TConfig>(string name, Func<IServiceProvider, TConfig, TSink> construct, Func<TConfig?, TConfig>? configure = null)
        where TSink : class, ISinkLifecycle
        where TConfig : class
    {
        ArgumentNullException.ThrowIfNull(construct);
        return Add<TSink, TConfig>(name, configure, name => new ConstructedSinkRegistration<TSink, TConfig>(name, construct));
    }

    /// <summary>Adds a sink that needs services.</summary>
    /// <typeparam name="TSink">The type of the sink.</typeparam>
    /// <param name="name">The sink's name.</param>
    /// <param name="construct">Constructs it, on its own loop thread. Null: its constructor is given the services it asks for.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">The name is malformed.</exception>
    /// <exception cref="InvalidOperationException">Another sink of that name has been added.</exception>
    public MvxSinksBuilder AddSink<TSink>(string name, Func<IServiceProvider, TSink>? construct = null)
        where TSink : class, ISinkLifecycle
    {
        construct ??= static services => ActivatorUtilities.CreateInstance<TSink>(services);
        if (Registrations.Add(new ServiceSinkRegistration<TSink>(name, construct)))
            AddKeyed<TSink>(name);
        return this;
    }

    private MvxSinksBuilder Add<TSink, TConfig>(string name, Func<TConfig?, TConfig>? configure, Func<string, ConfiguredSinkRegistration<TSink, TConfig>> register)
        where TSink : class, ISinkLifecycle
        where TConfig : class
    {
        ConfiguredSinkRegistration<TSink, TConfig> registration = Registrations.GetOrAdd(name, register, out bool added);
        registration.Configure(configure);
        if (added)
            AddKeyed<TSink>(name);
        return this;
    }

    private void AddKeyed<TSink>(string name)
        where TSink : class, ISinkLifecycle
    {
        Services.AddKeyedSingleton(name, (services, _) => services.GetRequiredService<MvxSinkHost>().Get<TSink>(name));
        foreach (Type sink in typeof(TSink).GetInterfaces().Where(static type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ISink<>)))
            Services.AddKeyedSingleton(sink, name, (services, _) => services.GetRequiredService<MvxSinkHost>().Get<TSink>(name));
    }
}
