using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Configuration;
using Mvx.Sink.Extensions.Hosting;
using Mvx.Sink.Extensions.Logging;
using Mvx.Sink.Runtime;

// The namespace in which users look for what a logging builder can do.
namespace Microsoft.Extensions.Logging;

/// <summary>Adds sinks as logging providers. All have the alias <c>MvxSink</c> in the configuration of log levels; <see cref="MvxSinkLoggerOptions.CategoryLevels"/> tells them apart.</summary>
public static class MvxSinkLoggingBuilderExtensions
{
    /// <summary>
    /// Logs to a sink that the host creates, starts before the application's services and stops after them. Its configuration comes from the section
    /// <c>MvxSinks:[name]</c>, from <paramref name="configure"/>, or from both.
    /// </summary>
    /// <typeparam name="TSink">The type of the sink.</typeparam>
    /// <typeparam name="TConfig">Its configuration.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The sink's name: a letter, then letters, digits, <c>_</c> and <c>-</c>.</param>
    /// <param name="configure">Changes the options, or null.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException">The builder or the name is null.</exception>
    /// <exception cref="ArgumentException">The name is malformed.</exception>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    public static ILoggingBuilder AddMvxSink<TSink, TConfig>(this ILoggingBuilder builder, string name, Action<MvxSinkLoggerOptions<TConfig>>? configure = null)
        where TSink : AsyncSink<LogEvent>, IDescribedSink<TSink, TConfig>
        where TConfig : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddMvxSinks().AddSink<TSink, TConfig>(name, config => ConfigOf(name, config, configure));
        return AddProvider(builder, name, options => configure?.Invoke((MvxSinkLoggerOptions<TConfig>)options), static () => new MvxSinkLoggerOptions<TConfig>());
    }

    /// <summary>Logs to a sink that is constructed from the application's services, such as an HTTP client's factory.</summary>
    /// <typeparam name="TSink">The type of the sink.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The sink's name: a letter, then letters, digits, <c>_</c> and <c>-</c>.</param>
    /// <param name="construct">Constructs it, on its own loop thread; the logger factory exists by then. Null: its constructor is given the services it asks for.</param>
    /// <param name="configure">Changes the options, or null.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException">The builder or the name is null.</exception>
    /// <exception cref="ArgumentException">The name is malformed.</exception>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    public static ILoggingBuilder AddMvxSink<TSink>(
        this ILoggingBuilder builder,
        string name,
        Func<IServiceProvider, TSink>? construct = null,
        Action<MvxSinkLoggerOptions>? configure = null)
        where TSink : AsyncSink<LogEvent>
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddMvxSinks().AddSink(name, construct);
        return AddProvider(builder, name, options => configure?.Invoke(options), static () => new MvxSinkLoggerOptions());
    }

    /// <summary>Logs to a sink that somebody else owns, starts and stops.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="sink">The sink.</param>
    /// <param name="configure">Changes the options, or null.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException">The builder or the sink is null.</exception>
    public static ILoggingBuilder AddMvxSink(this ILoggingBuilder builder, AsyncSink<LogEvent> sink, Action<MvxSinkLoggerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(sink);
        builder.Services.AddSingleton<ILoggerProvider>(_ =>
        {
            var options = new MvxSinkLoggerOptions();
            configure?.Invoke(options);
            return new MvxSinkLoggerProvider(sink, options);
        });
        return builder;
    }

    private static TConfig ConfigOf<TConfig>(string name, TConfig? config, Action<MvxSinkLoggerOptions<TConfig>>? configure)
        where TConfig : class
    {
        var options = new MvxSinkLoggerOptions<TConfig> { Config = config };
        configure?.Invoke(options);
        return options.Config ?? throw new InvalidOperationException(
            $"the sink \"{name}\" has no configuration. Add the section {MvxSinksOptions.DefaultSectionName}:{name}, or set Config in AddMvxSink.");
    }

    private static ILoggingBuilder AddProvider(ILoggingBuilder builder, string name, Action<MvxSinkLoggerOptions> configure, Func<MvxSinkLoggerOptions> create)
    {
        if (builder.Services.Any(service => service.ImplementationInstance is LoggedSink logged && logged.Name == name))
            return builder; // added before: the configuration has been added to, and one provider per sink is enough
        builder.Services.AddSingleton(new LoggedSink(name));
        builder.AddConfiguration();
        builder.Services.AddMvxSinks().Registrations.Find(name)!.AlsoCheck(services => new LoggerSection(services, name).Check);
        builder.Services.AddSingleton<ILoggerProvider>(services =>
        {
            MvxSinkLoggerOptions options = create();
            new LoggerSection(services, name).Apply(options, faults: []); // the start tells them, with all others
            configure(options);
            return new MvxSinkLoggerProvider(new LoggerTarget(services.GetRequiredService<MvxSinkHost>(), name, options), options);
        });
        return builder;
    }
}
