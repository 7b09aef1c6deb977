using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mvx.Sink.Extensions.Hosting;
using Mvx.Sink.Runtime;

// The namespace in which users look for what a health checks builder can do.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the health of sinks to an application's.</summary>
public static class MvxSinksHealthChecksBuilderExtensions
{
    /// <summary>Adds a check of the registry that <c>AddMvxSinks</c> has added. See <see cref="MvxSinkHealthCheck"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What a failed sink makes of the check; null: unhealthy.</param>
    /// <param name="tags">The check's tags, or null.</param>
    /// <param name="configure">Says what counts as degraded, or null.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException">The builder is null.</exception>
    public static IHealthChecksBuilder AddMvxSinks(
        this IHealthChecksBuilder builder,
        string name = "mvx-sinks",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        Action<MvxSinkHealthOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddMvxSinks().TimeDispatches();
        builder.Services.AddKeyedSingleton(name, (services, _) =>
        {
            var options = new MvxSinkHealthOptions();
            configure?.Invoke(options);
            return new MvxSinkHealthCheck(services.GetRequiredService<SinkRegistry>(), options, services.GetService<TimeProvider>(), services.GetRequiredService<MvxSinkHost>());
        });
        return builder.Add(new HealthCheckRegistration(name, services => services.GetRequiredKeyedService<MvxSinkHealthCheck>(name), failureStatus, tags));
    }
}
