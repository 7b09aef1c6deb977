using System.Diagnostics.CodeAnalysis;
using Mvx.Sink.Runtime;
using Mvx.Sink.SerilogBridge;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;

// The namespace in which users look for what WriteTo can do.
namespace Serilog;

/// <summary>Adds <c>WriteTo.MvxSink(...)</c>.</summary>
public static class MvxSinkLoggerConfigurationExtensions
{
    /// <summary>Writes to one of our sinks, which somebody else owns, starts and stops.</summary>
    /// <param name="configuration">WriteTo.</param>
    /// <param name="sink">The sink.</param>
    /// <param name="formatProvider">How values are rendered in messages, or null.</param>
    /// <param name="restrictedToMinimumLevel">Events below it are not written.</param>
    /// <param name="levelSwitch">Changes that level at run time, or null.</param>
    /// <returns>The logger's configuration.</returns>
    /// <exception cref="ArgumentNullException">The configuration or the sink is null.</exception>
    public static LoggerConfiguration MvxSink(
        this LoggerSinkConfiguration configuration,
        AsyncSink<Mvx.Sink.Runtime.LogEvent> sink,
        IFormatProvider? formatProvider = null,
        Events.LogEventLevel restrictedToMinimumLevel = LevelAlias.Minimum,
        LoggingLevelSwitch? levelSwitch = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration.Sink(new MvxSerilogSink(sink, formatProvider), restrictedToMinimumLevel, levelSwitch);
    }

    /// <summary>Writes to one of our sinks, which is created here and terminated, flushed, with the logger (<c>Log.CloseAndFlush</c>).</summary>
    /// <typeparam name="TSink">The type of the sink.</typeparam>
    /// <typeparam name="TConfig">Its configuration.</typeparam>
    /// <param name="configuration">WriteTo.</param>
    /// <param name="config">The sink's configuration.</param>
    /// <param name="formatProvider">How values are rendered in messages, or null.</param>
    /// <param name="restrictedToMinimumLevel">Events below it are not written.</param>
    /// <param name="levelSwitch">Changes that level at run time, or null.</param>
    /// <returns>The logger's configuration.</returns>
    /// <exception cref="ArgumentNullException">The configuration is null.</exception>
    /// <exception cref="SinkCreationException">The sink could not be created.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The logger disposes its sinks.")]
    public static LoggerConfiguration MvxSink<TSink, TConfig>(
        this LoggerSinkConfiguration configuration,
        TConfig config,
        IFormatProvider? formatProvider = null,
        Events.LogEventLevel restrictedToMinimumLevel = LevelAlias.Minimum,
        LoggingLevelSwitch? levelSwitch = null)
        where TSink : AsyncSink<Mvx.Sink.Runtime.LogEvent>, IDescribedSink<TSink, TConfig>
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ManagedSink<TSink> managed = TSink.Create(config);
        return configuration.Sink(new MvxSerilogSink(managed.Sink, formatProvider, managed.Terminate), restrictedToMinimumLevel, levelSwitch);
    }

    /// <summary>
    /// Writes to a Serilog sink behind our queue, ledger and lifecycle: its Emit runs on a thread of its own, and what it throws ends it visibly. The logger
    /// terminates it, flushed.
    /// </summary>
    /// <param name="configuration">WriteTo.</param>
    /// <param name="open">Opens the Serilog sink; it is disposed when the logger is.</param>
    /// <param name="options">How the runtime behaves; null: all defaults.</param>
    /// <param name="restrictedToMinimumLevel">Events below it are not written.</param>
    /// <param name="levelSwitch">Changes that level at run time, or null.</param>
    /// <returns>The logger's configuration.</returns>
    /// <exception cref="ArgumentNullException">The configuration or the factory is null.</exception>
    /// <exception cref="SinkCreationException">The Serilog sink could not be opened.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The logger disposes its sinks.")]
    public static LoggerConfiguration MvxSink(
        this LoggerSinkConfiguration configuration,
        Func<ILogEventSink> open,
        SinkOptions? options = null,
        Events.LogEventLevel restrictedToMinimumLevel = LevelAlias.Minimum,
        LoggingLevelSwitch? levelSwitch = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(open);
        return configuration.Sink(new OwnedSerilogBackend(SerilogBackend.Create(open, options)), restrictedToMinimumLevel, levelSwitch);
    }

    /// <summary>
    /// Writes to the sinks configured inside, behind our queue and lifecycle: <c>WriteTo.MvxSink(to =&gt; to.File("log.txt"))</c>. Serilog itself keeps what sinks
    /// configured so throw (it goes to SelfLog), so the ledger counts such events as delivered; where that matters, give the sink itself to the other overload.
    /// </summary>
    /// <param name="configuration">WriteTo.</param>
    /// <param name="configure">Configures the sinks inside.</param>
    /// <param name="options">How the runtime behaves; null: all defaults.</param>
    /// <param name="restrictedToMinimumLevel">Events below it are not written.</param>
    /// <param name="levelSwitch">Changes that level at run time, or null.</param>
    /// <returns>The logger's configuration.</returns>
    /// <exception cref="ArgumentNullException">The configuration or the action is null.</exception>
    public static LoggerConfiguration MvxSink(
        this LoggerSinkConfiguration configuration,
        Action<LoggerSinkConfiguration> configure,
        SinkOptions? options = null,
        Events.LogEventLevel restrictedToMinimumLevel = LevelAlias.Minimum,
        LoggingLevelSwitch? levelSwitch = null)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return MvxSink(configuration, Open, options, restrictedToMinimumLevel, levelSwitch);

        ILogEventSink Open()
        {
            LoggerConfiguration inner = new LoggerConfiguration().MinimumLevel.Is(LevelAlias.Minimum);
            configure(inner.WriteTo);
            return inner.CreateLogger();
        }
    }
}
