namespace Mvx.Sink.Runtime;

/// <summary>The base of a sink for log events. See <see cref="AsyncSink{TEvent}"/>.</summary>
public abstract class AsyncLogSink : AsyncSink<LogEvent>
{
    /// <summary>Binds the new sink to the current event loop.</summary>
    /// <param name="options">How the runtime behaves; null: all defaults.</param>
    /// <exception cref="EventLoopUnavailableException">There is no current event loop.</exception>
    protected AsyncLogSink(SinkOptions? options = null)
        : base(options)
    {
    }
}
