namespace Mvx.Sink.Extensions.Logging;

/// <summary>How log entries become a sink's events, and the sink's own configuration.</summary>
/// <typeparam name="TConfig">The sink's configuration.</typeparam>
public sealed class MvxSinkLoggerOptions<TConfig> : MvxSinkLoggerOptions
    where TConfig : class
{
    /// <summary>The sink's configuration. What the section of the sink's name gave, if there is one; may be replaced or changed.</summary>
    public TConfig? Config { get; set; }
}
