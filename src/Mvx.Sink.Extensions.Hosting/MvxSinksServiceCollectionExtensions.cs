using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Mvx.Sink.Extensions.Hosting;

// The namespace in which users look for what a service collection can do.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds sinks to a service collection.</summary>
public static class MvxSinksServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="SinkRegistry"/> whose sinks start before the application's hosted services and stop after them. Calling it again adds to the same
    /// registry.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the options, or null.</param>
    /// <returns>What the sinks are added to.</returns>
    /// <exception cref="ArgumentNullException">The services are null.</exception>
    public static MvxSinksBuilder AddMvxSinks(this IServiceCollection services, Action<MvxSinksOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        SinkRegistrations registrations = RegistrationsOf(services);
        configure?.Invoke(registrations.Options);
        return new MvxSinksBuilder(services, registrations);
    }

    private static SinkRegistrations RegistrationsOf(IServiceCollection services)
    {
        if (services.FirstOrDefault(static service => service.ServiceType == typeof(SinkRegistrations))?.ImplementationInstance is SinkRegistrations existing)
            return existing;

        var registrations = new SinkRegistrations();
        services.AddSingleton(registrations);
        services.TryAddSingleton<SinkRegistry>();
        services.AddSingleton(static services => new MvxSinkHost(
            services.GetRequiredService<SinkRegistrations>(),
            services.GetRequiredService<SinkRegistry>(),
            services));

        // First in the list: of several lifecycle services it then starts first and stops last.
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, SinkLifecycleService>());
        return registrations;
    }
}
